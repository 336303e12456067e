/** Before every test file of the web app. A loaded machine takes many times the second that is the default. */
import { configure } from '@testing-library/react';
import { vi } from 'vitest';

configure({ asyncUtilTimeout: 15_000 });
const { waitFor } = vi;
vi.waitFor = (callback, options = 15_000) => waitFor(callback, options);
