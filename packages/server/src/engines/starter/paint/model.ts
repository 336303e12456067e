export const PAINT_FILES = ['text.onnx', 'denoiser.onnx', 'decoder.onnx', 'encoder.onnx'] as const;
