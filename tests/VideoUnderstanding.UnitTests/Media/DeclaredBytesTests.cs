using System.Buffers.Binary;
using System.Text;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.UnitTests.Media;

public sealed class DeclaredBytesTests
{
    [Theory]
    [InlineData("RIFF", 1000u, 1008, false)]
    [InlineData("RIFF", 1000u, 950, false)]
    [InlineData("RIFF", 1000u, 800, true)]
    [InlineData("RIFF", 1000u, 4000, false)]
    [InlineData("RIFF", 0u, 800, false)]
    public void The_declared_size_of_RIFF_excludes_its_first_eight_bytes(string kind, uint declared, long length, bool tooFew)
        => Assert.Equal(tooFew,
            DeclaredBytes.Parse([.. Encoding.ASCII.GetBytes(kind), .. BitConverter.GetBytes(declared)], length)!.TooFew(0.1));

    [Theory]
    [InlineData("RIFF", uint.MaxValue)]
    [InlineData("moov", 1000u)]
    public void A_length_of_all_ones_is_ignored(string kind, uint declared)
        => Assert.Null(DeclaredBytes.Parse([.. Encoding.ASCII.GetBytes(kind), .. BitConverter.GetBytes(declared)], 800));

    [Fact]
    public void The_length_of_FLV_is_read_from_the_script_tag()
    {
        var number = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(number, 116_357);
        byte[] start = [.. "FLV\u0001\u0005\0\0\0\u0009\0\0\0\0\u0012onMetaData"u8, .. "\0\u0008filesize\0"u8, .. number, 0, 0, 9];

        Assert.Equal(new DeclaredBytes(116_357, 60_000), DeclaredBytes.Parse(start, 60_000));
        Assert.Null(DeclaredBytes.Parse(start.AsSpan(0, 20), 60_000));
    }
}
