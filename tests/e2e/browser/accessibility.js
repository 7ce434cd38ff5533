// What axe is asked about a page. A kind is an element with what is said of it and its ancestors' kinds: two elements of one kind, on pages of
// one width, differ in their words only, so one of them is looked at.
window.packwalkAccessibility = (() => {
  if (location.protocol === 'about:') return null; // before the first page

  const valued = new RegExp(
    '^(class|role|type|disabled|inert|open|tabindex|data-(type|selected|outdated|left-out|placeholder)|aria-(atomic|busy|checked|current' +
      '|disabled|expanded|haspopup|hidden|invalid|level|live|modal|orientation|pressed|readonly|required|roledescription|selected))$',
  );
  const named =
    /^(for|href|alt|title|placeholder|lang|scope|style|aria-(label|labelledby|describedby|controls|owns|valuetext|valuenow))$/;

  function kind(element) {
    const said = [...element.attributes]
      .filter(({ name }) => valued.test(name) || named.test(name))
      .map(({ name, value }) => (valued.test(name) ? `${name}=${value}` : `${name}${value ? '' : '='}`));
    const text = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    return [element.localName, text ? 'text' : '', ...said.sort()].join(' ');
  }

  // FNV-1a: a path of kinds is long, and there are hundreds.
  function hash(text) {
    let value = 0x811c9dc5;
    for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
    return (value >>> 0).toString(36);
  }

  const keyOf = (element, path) => hash(`${path} > ${kind(element)}`);

  // A drawing, and what is hidden from everybody who does not see, is looked at as a whole.
  function children(element) {
    const whole = element.localName === 'svg' || element.inert || element.ariaHidden === 'true';
    return whole ? [] : [...element.children].filter((child) => child.checkVisibility({ visibilityProperty: true }));
  }

  function collect(element, path, found) {
    const key = keyOf(element, path);
    found.add(key);
    for (const child of children(element)) collect(child, key, found);
    return found;
  }

  // Gathers in `old` the greatest parts in which nothing is the first of a wanted kind. Returns whether there is such a first one here.
  function setAside(element, path, wanted, old) {
    const key = keyOf(element, path);
    const first = wanted.delete(key);
    const rest = [];
    for (const child of children(element)) if (!setAside(child, key, wanted, old)) rest.push(child);
    const kept = first || rest.length < children(element).length;
    if (kept) old.push(...rest);
    return kept;
  }

  // Axe yields to the page between rules, which might change meanwhile, and waits by the page's clock, which a test may have stopped.
  // It asks for the text's fill, which Chromium tells as the page wrote it, also where it draws the system's colour.
  async function undisturbed(run) {
    const styles = CSSStyleDeclaration.prototype;
    const { setTimeout } = window;
    const { getPropertyValue } = styles;
    window.setTimeout = (then, ms, ...rest) => (ms ? setTimeout(then, ms, ...rest) : queueMicrotask(then));
    styles.getPropertyValue = function (name) {
      return name === '-webkit-text-fill-color' ? '' : getPropertyValue.call(this, name);
    };
    try {
      return await run();
    } finally {
      window.setTimeout = setTimeout;
      styles.getPropertyValue = getPropertyValue;
    }
  }

  // What moves is brought to its end, but for what moves for ever (a spinner).
  function settle() {
    for (const one of document.getAnimations()) if (one.effect?.getComputedTiming().endTime !== Infinity) one.finish();
  }

  const matches = (query) => matchMedia(query).matches;
  const top = () => `${innerWidth}`;

  return {
    state: () => ({
      kinds: [...collect(document.documentElement, top(), new Set())],
      look: [
        matches('(prefers-color-scheme: dark)') ? 'dark' : 'light',
        matches('(forced-colors: active)') ? 'active' : 'none',
      ],
      axe: Boolean(window.axe),
    }),

    async findings(kinds, options) {
      settle();
      const wanted = new Set(kinds);
      const old = [];
      if (!setAside(document.documentElement, top(), wanted, old)) return { looked: [], findings: [] };
      const context = { include: [document.documentElement], exclude: old };
      const settings = { resultTypes: ['violations'], preload: false, ...options };
      const { violations } = await undisturbed(() => axe.run(context, settings));
      return {
        looked: kinds.filter((one) => !wanted.has(one)),
        findings: violations.flatMap(({ id, help, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target}: ${failureSummary}`),
        ),
      };
    },
  };
})();
