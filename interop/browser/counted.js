// A reporter for `node --test`: one line a test, and at the end the line that the runner counts
// (kind "plain" of interop/README.md).

export default async function* counted(source) {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of source) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details?.type === "suite") continue;
    const skipped = data.skip !== undefined && data.skip !== false;
    const how = skipped ? "skipped" : type === "test:pass" ? "passed" : "failed";
    count[how] += 1;
    yield `${how}: ${data.name}\n`;
    if (how === "failed") {
      const error = data.details.error.cause ?? data.details.error;
      yield `${error.stack ?? error}\n`;
    }
  }
  yield `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`;
}
