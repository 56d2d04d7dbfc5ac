/**
 * Tests on the real node count each lost request while clusters of others, compilers and the node's own pods share two CPUs; a container
 * that gets none for a minute says nothing of the library. Such a test is run once more, after its first failure was shown: what a guard
 * prevents happens each time without it (dozens of requests), and fails twice.
 */
if (expect.getState().testPath?.includes('/test/cluster/node/')) jest.retryTimes(1, { logErrorsBeforeRetry: true });
