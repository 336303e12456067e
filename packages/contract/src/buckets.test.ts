import { describe, expect, it } from 'vitest';
import { bucketsOf, fitBucket } from './buckets.ts';

describe('the buckets of a resolution', () => {
  it.each([64, 512, 768, 1024])(
    'of %i have sides of 64 pixels and no more area than the square',
    (resolution) => {
      const buckets = bucketsOf(resolution);
      expect(buckets).toContainEqual({ width: resolution, height: resolution });
      for (const { width, height } of buckets) {
        expect([width % 64, height % 64]).toEqual([0, 0]);
        expect(width * height).toBeLessThanOrEqual(resolution * resolution);
        expect(buckets).toContainEqual({ width: height, height: width });
      }
    },
  );

  it('are the known ones of sd-scripts for 512', () => {
    expect(bucketsOf(512).map(({ width, height }) => `${width}x${height}`)).toEqual(
      expect.arrayContaining(['256x1024', '384x640', '448x576', '512x512', '576x448', '640x384', '1024x256']),
    );
  });
});

describe('a picture in its bucket', () => {
  it('of a square keeps everything', () => {
    expect(fitBucket({ width: 2048, height: 2048 }, 1024)).toEqual({
      bucket: { width: 1024, height: 1024 },
      scale: 0.5,
      lost: 0,
    });
  });

  it('of 16:9 loses little', () => {
    const { bucket, lost } = fitBucket({ width: 1920, height: 1080 }, 1024);
    expect(bucket).toEqual({ width: 1344, height: 768 });
    expect(lost).toBeCloseTo(0.016, 2);
  });

  it('that is small is enlarged', () => {
    expect(fitBucket({ width: 300, height: 300 }, 512).scale).toBeCloseTo(512 / 300);
  });

  it('that is extreme loses much', () => {
    expect(fitBucket({ width: 4000, height: 500 }, 512).lost).toBeGreaterThan(0.4);
  });
});
