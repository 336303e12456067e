import { describe, expect, it } from 'vitest';
import { askedControl, controlOf, controlTypeOf, pictureOfUnit } from './control-units.ts';

const unit = { module: 'canny', model: 'control_canny [12345678]', image: 'AAAA' };
const asked = (units: unknown, name = 'controlnet') => askedControl({ [name]: { args: units } });

describe('ControlNet units', () => {
  it('are found under any spelling of the name, one by one or as one list', () => {
    for (const name of ['controlnet', 'ControlNet', 'CONTROLNET'])
      expect(asked([unit], name)).toMatchObject({
        unit: { module: 'canny' },
        field: `alwayson_scripts.${name}.args.0`,
      });
    expect(asked([[unit]])).toMatchObject({ unit: { module: 'canny' } });
  });

  it('that are disabled, empty, or of other scripts are none', () => {
    expect(askedControl(undefined)).toBeNull();
    expect(askedControl({ ADetailer: { args: [true, unit] } })).toBeNull();
    expect(asked([])).toBeNull();
    expect(asked([{ ...unit, enabled: false }, { module: 'none', model: 'None' }, false])).toBeNull();
  });

  it.each(['', null, { image: '', mask: '' }, { image: null, mask: null }])(
    'have no picture of their own where that is %j',
    (image) => {
      for (const field of ['image', 'input_image']) {
        const found = asked([{ module: 'canny', [field]: image }]);
        expect(found && pictureOfUnit(found.unit)).toBeNull();
      }
    },
  );

  it('the first enabled one counts, and further ones are named', () => {
    const found = asked([{ ...unit, enabled: false }, { ...unit, module: 'depth_midas' }, unit]);
    expect(found).toMatchObject({
      unit: { module: 'depth_midas' },
      field: 'alwayson_scripts.controlnet.args.1',
    });
    expect(found?.notes).toHaveLength(1);
  });

  it('have their picture in one of three places', () => {
    expect(pictureOfUnit({ image: 'AAAA' } as never)).toBe('AAAA');
    expect(pictureOfUnit({ input_image: 'BBBB' } as never)).toBe('BBBB');
    expect(pictureOfUnit({ image: { image: 'CCCC' } } as never)).toBe('CCCC');
    expect(pictureOfUnit({} as never)).toBeNull();
  });

  it.each([
    ['canny', 'canny', 0],
    ['depth_midas', 'depth', 0],
    ['dw_openpose_full', 'pose', 0],
    ['tile_resample', 'tile', 0],
    ['blur_gaussian', 'blur', 0],
    ['lineart_realistic', 'canny', 1],
    ['softedge_pidinet', 'canny', 1],
  ])('the module %s is %s', (module, type, notes) => {
    const found = asked([{ ...unit, module }]);
    if (!found) throw new Error('no unit');
    const read = controlOf(found, 'u1');
    expect([read.control.type, read.notes.length]).toEqual([type, notes]);
  });

  it('without a module their model says the kind, with a note', () => {
    const found = asked([
      { ...unit, module: 'none', model: 'flux-depth', guidance_start: 0.5, guidance_end: 0.2 },
    ]);
    if (!found) throw new Error('no unit');
    expect(controlOf(found, 'u1')).toMatchObject({
      control: { type: 'depth', image: 'u1', strength: 1, start: 0.5, end: 0.5 },
      notes: [{ en: expect.stringContaining('prepares') }],
    });
  });

  it('of an unknown kind are refused with their field', () => {
    const found = asked([{ ...unit, module: 'reference_only' }]);
    if (!found) throw new Error('no unit');
    expect(() => controlOf(found, 'u1')).toThrow('alwayson_scripts.controlnet.args.0.module');
  });

  it('that guide by looks are refused with what does', () => {
    for (const sent of [
      { module: 'reference_only' },
      { module: 'none', model: 'ip-adapter-plus_sdxl_vit-h' },
    ]) {
      const found = asked([{ ...unit, ...sent }]);
      if (!found) throw new Error('no unit');
      expect(() => controlOf(found, 'u1')).toThrow('style_images');
    }
    expect(() => controlTypeOf('reference_adain', 'controlnet_module')).toThrow('style_images');
    expect(() => controlTypeOf('inpaint', 'controlnet_module')).toThrow('must be a kind of canny');
  });
});
