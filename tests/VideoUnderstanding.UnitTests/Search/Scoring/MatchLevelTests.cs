using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Sources;

namespace VideoUnderstanding.UnitTests.Search.Scoring;

public sealed class MatchLevelTests
{
    [Theory]
    [InlineData(100.46, MatchLevel.High)]
    [InlineData(83, MatchLevel.High)]
    [InlineData(82.99, MatchLevel.Medium)]
    [InlineData(73, MatchLevel.Medium)]
    [InlineData(72.95, MatchLevel.Low)]
    [InlineData(46.61, MatchLevel.Low)]
    [InlineData(40, MatchLevel.Low)]
    [InlineData(39.99, MatchLevel.None)]
    public void Levels_follow_the_recorded_scores(double score, MatchLevel level) => Assert.Equal(level, MatchLevels.Of(score));

    [Fact]
    public void Rank_fusion_prefers_items_of_several_rankings()
        => Assert.Equal(["b", "a", "c", "d"],
            RankFusion.Fuse<string>((1, ["a", "b", "c"]), (1, ["b", "d"])).OrderBy(item => item == "d" ? 1 : 0));

    [Fact]
    public void Rank_fusion_weights_rankings() => Assert.Equal(["b", "a"], RankFusion.Fuse<string>((1, ["a"]), (2, ["b"])));
}
