using VideoUnderstanding.Inference;

namespace VideoUnderstanding.UnitTests.Inference;

public sealed class UnitVectorsTests
{
    [Fact]
    public void Rows_are_split_and_scaled_to_length_one() =>
        Assert.Equal([[0.6f, 0.8f], [0, -1]], UnitVectors.Split([3, 4, 0, -2, 9, 9], 2, 2));

    [Fact]
    public void A_row_of_zeros_gets_a_direction() => Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f], UnitVectors.Split([0, 0, 0, 0], 1, 4)[0]);

    [Fact]
    public void The_mean_is_scaled_to_length_one_again()
    {
        var mean = UnitVectors.Mean([[1, 0], [0, 1]]);

        Assert.Equal(mean[0], mean[1]);
        Assert.Equal(1, mean[0] * mean[0] + mean[1] * mean[1], 1e-6);
    }
}
