using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.UnitTests.Data;

public sealed class DiskSpaceTests
{
    [Theory]
    [InlineData(28)]
    [InlineData(122)]
    [InlineData(unchecked((int)0x80070070))]
    public void A_full_disk_is_recognised_by_its_error_number(int number)
        => Assert.True(DiskSpace.IsDiskFull(new IOException("full", number)));

    [Fact]
    public void A_file_size_limit_counts_as_a_full_disk()
        => Assert.True(DiskSpace.IsDiskFull(new ArgumentOutOfRangeException("value", "file too big")));

    [Fact]
    public void Other_failures_are_not_a_full_disk()
    {
        Assert.False(DiskSpace.IsDiskFull(new IOException("no access", 13)));
        Assert.False(DiskSpace.IsDiskFull(new ArgumentOutOfRangeException("count")));
        Assert.False(DiskSpace.IsDiskFull(new InvalidOperationException()));
    }
}
