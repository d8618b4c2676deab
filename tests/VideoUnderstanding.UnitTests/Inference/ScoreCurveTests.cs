using VideoUnderstanding.Inference;

namespace VideoUnderstanding.UnitTests.Inference;

public sealed class ScoreCurveTests
{
    private readonly ScoreCurve _curve = new([new(0.1, 10), new(0.3, 50), new(0.5, 100)]);

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(0.1, 10)]
    [InlineData(0.2, 30)]
    [InlineData(0.3, 50)]
    [InlineData(0.4, 75)]
    [InlineData(0.9, 100)]
    public void Scores_are_linear_between_the_points_and_constant_outside(double cosine, double score)
        => Assert.Equal(score, _curve.ScoreOf(cosine), 1e-9);
}
