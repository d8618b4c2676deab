using VideoUnderstanding.Media;

namespace VideoUnderstanding.UnitTests.Media;

public sealed class RiffExtentTests
{
    [Theory]
    [InlineData("RIFF", 1000u, 1008, true)]
    [InlineData("RIFF", 1000u, 950, true)]
    [InlineData("RIFF", 1000u, 800, false)]
    [InlineData("RIFF", 1000u, 4000, true)]
    [InlineData("RIFF", uint.MaxValue, 800, true)]
    [InlineData("RIFF", 0u, 800, true)]
    [InlineData("moov", 1000u, 800, true)]
    public void A_file_is_whole_when_it_has_the_bytes_it_promises(string kind, uint declared, long length, bool whole)
    {
        byte[] header = [.. System.Text.Encoding.ASCII.GetBytes(kind), .. BitConverter.GetBytes(declared)];

        var refusal = Record.Exception(() => RiffExtent.Check(header, length, 0.1));

        Assert.Equal(whole, refusal is null);
    }
}
