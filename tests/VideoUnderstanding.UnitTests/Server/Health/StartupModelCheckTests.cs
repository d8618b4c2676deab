using VideoUnderstanding.Inference;
using VideoUnderstanding.Server.Health;

namespace VideoUnderstanding.UnitTests.Server.Health;

public sealed class StartupModelCheckTests
{
    private static readonly ModelCheckResult Works = new(ModelRole.VisualText, "clip", 512, "CPU", 30.25, "frames", null);

    [Fact]
    public void A_model_that_works_is_told_with_device_and_speed()
        => Assert.Equal(new HealthCheck("model:VisualText", true, "clip on CPU, 30.3 frames per second"),
            StartupModelCheck.Judge(Works, 512));

    [Fact]
    public void Vectors_of_another_length_than_the_column_are_a_failure()
    {
        var check = StartupModelCheck.Judge(Works, 768);
        Assert.False(check.Ok);
        Assert.Contains("512", check.Detail, StringComparison.Ordinal);
        Assert.Contains("768", check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_is_told_in_its_own_words()
        => Assert.Equal(new HealthCheck("model:VisualText", false, "No GPU."),
            StartupModelCheck.Judge(Works with { Failure = "No GPU." }, 512));
}
