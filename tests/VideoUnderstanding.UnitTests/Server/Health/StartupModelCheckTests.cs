using VideoUnderstanding.Inference;
using VideoUnderstanding.Operations.Cli;
using VideoUnderstanding.Server.Health;

namespace VideoUnderstanding.UnitTests.Server.Health;

public sealed class StartupModelCheckTests
{
    private static readonly ModelCheckResult Works = new(ModelRole.VisualText, "clip", 512, "CPU", 30.25, "frames", null);

    [Fact]
    public void A_working_model_is_reported_with_device_and_speed()
        => Assert.Equal(new HealthCheck("model:VisualText", true, "clip on CPU, 30.3 frames per second"),
            StartupModelCheck.ToHealthCheck(Works, 512));

    [Fact]
    public void Vectors_of_another_length_than_the_column_are_a_failure()
    {
        var check = StartupModelCheck.ToHealthCheck(Works, 768);
        Assert.False(check.Ok);
        Assert.Contains("512", check.Detail, StringComparison.Ordinal);
        Assert.Contains("768", check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_is_reported_with_its_message()
        => Assert.Equal(new HealthCheck("model:VisualText", false, "No GPU."),
            StartupModelCheck.ToHealthCheck(Works with { Failure = "No GPU." }, 512));
}

public sealed class ReadinessTests
{
    [Fact]
    public void The_demo_waits_for_the_check_that_the_server_reports() => Assert.Equal(Readiness.Loading, ServerClient.LoadingCheck);
}
