'use strict';

// A module does not run at all when one that it imports cannot be loaded, so another script has to say it.
addEventListener('error', ({ target }) => {
  if (!(target instanceof HTMLScriptElement)) return;
  const show = () => {
    const problem = document.querySelector('#problem');
    problem.textContent = 'Files cannot be sent now: the upload server cannot be reached, or it does not take uploads '
      + `from this site. Its operator lists this site by the setting spillway.cors.origins = ${location.origin}`
      + ' and this site lists the server in its Content-Security-Policy.';
    problem.hidden = false;
  };
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', show);
  else show();
}, true);
