/** Two pictures under one line that can be moved by hand or by the arrow keys. */
import type { ReactNode } from 'react';
import { HandleRoot, Item, Provider, Root } from 'react-compare-slider/components';
import { useReactCompareSlider } from 'react-compare-slider/hooks';
import styles from './compare-slider.module.css';

interface CompareSliderProps {
  first: ReactNode;
  second: ReactNode;
  label: string;
  /** Only the handle moves the boundary; drags elsewhere are not handled. */
  byHandle?: boolean;
}

/** In hundredths of the width, with Shift held. */
const FAR_STEPS: Record<string, number> = { ArrowLeft: -10, ArrowDown: -10, ArrowRight: 10, ArrowUp: 10 };

export default function CompareSlider({ first, second, label, byHandle = false }: CompareSliderProps) {
  const slider = useReactCompareSlider({ keyboardIncrement: '1%', onlyHandleDraggable: byHandle });
  return (
    <Provider {...slider}>
      <Root className={styles.root} style={{ width: '100%', height: '100%' }}>
        <Item item="itemOne">{first}</Item>
        <Item item="itemTwo">{second}</Item>
        <HandleRoot
          aria-label={label}
          className={styles.handle}
          onKeyDownCapture={(event) => {
            const step = event.shiftKey ? FAR_STEPS[event.key] : undefined;
            if (step === undefined) return;
            event.preventDefault();
            event.stopPropagation();
            slider.setPosition(slider.position.current + step);
          }}
        >
          <span className={styles.line} />
          <span className={styles.grip} aria-hidden="true">
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
              <path d="M6 4.5 2.5 8 6 11.5M10 4.5 13.5 8 10 11.5" />
            </svg>
          </span>
        </HandleRoot>
      </Root>
    </Provider>
  );
}
