// Before the style sheets, so that no page flashes up in the other theme. Storage may be forbidden.
try {
  const theme = localStorage.getItem('spillway.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // the system's theme
}
