/** Of Ant Design's buttons. By itself it writes a space between the two characters of a Chinese button. */
export const BUTTONS = { autoInsertSpace: false };
