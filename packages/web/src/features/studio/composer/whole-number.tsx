import { InputNumber, type InputNumberProps } from 'antd';

/** A whole number in a frame of its own, with its buttons beside it. */
export function WholeNumber<T extends number | string = number>(props: InputNumberProps<T>) {
  return <InputNumber variant="borderless" controls={false} precision={0} {...props} />;
}
