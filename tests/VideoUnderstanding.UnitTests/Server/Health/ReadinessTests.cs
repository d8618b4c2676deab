using VideoUnderstanding.Operations.Cli;
using VideoUnderstanding.Server.Health;

namespace VideoUnderstanding.UnitTests.Server.Health;

public sealed class ReadinessTests
{
    [Fact]
    public void The_demo_waits_for_the_check_that_the_server_reports() => Assert.Equal(Readiness.Loading, ServerClient.LoadingCheck);
}
