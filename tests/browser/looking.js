// What tests/browser/reading.py asks an open page; each answer is text or null.
window.looking = {
  axe: async () => {
    const found = await axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      resultTypes: ["violations"],
    });
    const shown = node => `${node.html.slice(0, 200)} ${node.any[0]?.message || ""}`;
    return found.violations.map(v => `${v.id} (${v.help}): ${v.nodes.slice(0, 3).map(shown).join(" | ")}`);
  },

  // What makes the page wider than the window; some regions scroll by themselves on purpose.
  sideways: () => {
    const root = document.documentElement;
    const wide = root.scrollWidth - root.clientWidth;
    if (wide <= 0) return null;
    const beyond = [...document.querySelectorAll("body *")]
      .filter(e => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest(".table-wrap, .filterbar"))
      .slice(0, 3);
    return `${wide} px wider than the window: ${beyond.map(e => e.outerHTML.slice(0, 120)).join(" | ")}`;
  },

  // The focused control and whether it, its label or what it stands in shows the yellow ring of the design.
  focus: () => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const around = [at, ...(at.labels || [])];
    for (let e = at.parentElement; e && around.length < 8; e = e.parentElement) around.push(e);
    const probe = document.createElement("i");
    probe.style.color = getComputedStyle(document.documentElement).getPropertyValue("--focus-ring");
    document.body.append(probe);
    const yellow = getComputedStyle(probe).color;
    probe.remove();
    const ringed = e => [null, "::before", "::after"].some(part => {
      const style = getComputedStyle(e, part);
      return style.boxShadow.includes(yellow) || (style.outlineStyle !== "none" && style.outlineColor === yellow);
    });
    return {html: at.outerHTML.slice(0, 160), ringed: around.some(ringed)};
  },
};
