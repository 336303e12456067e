export const PERSON_FILES = ['person.onnx'] as const;
