// Cumulative Layout Shift: notes what moves without anybody having touched the page.
{
  const shifts = [];
  const note = (entries) => {
    for (const { hadRecentInput, value, sources } of entries) {
      if (hadRecentInput) continue;
      const moved = sources.map(({ node, previousRect: from, currentRect: to }) => ({
        what: `${node?.nodeName.toLowerCase()} “${node?.textContent.trim().slice(0, 40)}”`,
        right: to.x - from.x,
        down: to.y - from.y,
      }));
      shifts.push({ value, moved });
    }
  };
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  window.shiftsSeenByTest = () => {
    note(observer.takeRecords());
    return shifts;
  };
}
