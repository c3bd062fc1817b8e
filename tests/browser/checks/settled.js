// Waits until the browser has drawn what was changed, and done what it does after that.
async () => {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
}
