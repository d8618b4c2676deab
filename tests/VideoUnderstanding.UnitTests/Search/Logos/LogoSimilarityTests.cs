using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Logos;

namespace VideoUnderstanding.UnitTests.Search.Logos;

public sealed class LogoSimilarityTests
{
    [Theory]
    [InlineData("starter", null, 0.75)]
    [InlineData("starter", "0.6", 0.6)]
    [InlineData("balanced", null, null)]
    public void The_limit_is_the_setting_or_that_of_the_visual_model(string profile, string? set, double? expected)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration[$"{ModelOptions.Section}:Profile"] = profile;
        builder.Configuration[$"{LogoSearchOptions.Section}:MinSimilarity"] = set;
        builder.AddInference();
        builder.AddSearch();
        using var host = builder.Build();

        Assert.Equal(expected, host.Services.GetRequiredService<IOptions<LogoSearchOptions>>().Value.MinSimilarity);
    }
}
