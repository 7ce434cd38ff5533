import { configure } from '@testing-library/react';

// Only a hang reaches this, however busy the machine is.
configure({ asyncUtilTimeout: 300_000 });
