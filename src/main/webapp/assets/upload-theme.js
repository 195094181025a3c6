const STORED = 'spillway.theme';

/** Lets the reader choose light or dark, as on the dashboard; theme.js applies it before anything is drawn. */
export function chooseTheme(select) {
  select.value = document.documentElement.dataset.theme ?? 'system';
  select.parentElement.hidden = false;
  select.addEventListener('change', () => {
    const theme = select.value;
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem(STORED, theme);
    } catch {
      // then it holds until the page is left
    }
  });
}
