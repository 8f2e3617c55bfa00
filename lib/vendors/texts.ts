/** Whether a reader sees anything of a text: blanks and invisible characters alone are nothing. */
export function isVisible(text: string): boolean {
  return /[^\s\p{Cc}\p{Cf}]/u.test(text);
}
