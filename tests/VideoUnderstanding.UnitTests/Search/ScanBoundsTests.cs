using VideoUnderstanding.Search;

namespace VideoUnderstanding.UnitTests.Search;

public sealed class ScanBoundsTests
{
    private static readonly VideoSearchOptions Usual = new();

    [Theory]
    // A table of this index alone, or hardly more: the settings decide.
    [InlineData(60_000, 50_000)]
    [InlineData(-1, 50_000)]
    // 60,000 frames among 5 million: the index would pass over 83 others for each that counts.
    [InlineData(5_000_000, 282_842)]
    // There is an end to it.
    [InlineData(500_000_000, 500_000)]
    public void The_more_rows_of_others_there_are_the_longer_comparing_all_pays(double ofAllIndexes, long rows)
        => Assert.Equal(rows, ScanBounds.CheapScan(Usual, 1_000, ofAllIndexes));

    [Fact]
    public void Settings_can_demand_the_index() => Assert.Equal(0, ScanBounds.CheapScan(new VideoSearchOptions { ExactVectors = 0 }, 1_000, 5_000_000));

    [Fact]
    public void Small_tables_are_compared_whole() => Assert.Equal(10_000, ScanBounds.Sample(new VideoSearchOptions { ExactVectors = 0 }));
}
