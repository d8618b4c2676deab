using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VideoUnderstanding.Data;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Logos;

namespace VideoUnderstanding.UnitTests.Search.Logos;

public sealed class LogoSimilarityTests
{
    [Theory]
    [InlineData("starter", null, 0.75)]
    [InlineData("starter", "0.6", 0.6)]
    [InlineData("balanced", null, 0.9)]
    public void The_limit_is_the_setting_or_that_of_the_visual_model(string profile, string? set, double expected)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration[$"{ModelOptions.Section}:Profile"] = profile;
        builder.Configuration[$"{LogoSearchOptions.Section}:MinSimilarity"] = set;
        builder.Configuration["ConnectionStrings:Database"] = "Host=unused";
        builder.AddMedia();
        builder.AddInference();
        builder.AddData();
        builder.AddSearch();
        using var host = builder.Build();
        using var scope = host.Services.CreateScope();

        Assert.Equal(expected, scope.ServiceProvider.GetRequiredService<LogoVectors>().SimilarityOf(null));
    }
}
