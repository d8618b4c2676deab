using System.Text;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.UnitTests.Media;

public sealed class SignaturesTests
{
    [Theory]
    [InlineData("0000001866747970", "mov")]
    [InlineData("0000000877696465", "mov")]
    [InlineData("1A45DFA3", "matroska")]
    [InlineData("52494646AABBCCDD41564920", "avi")]
    [InlineData("52494646AABBCCDD57415645", "wav")]
    [InlineData("52463634FFFFFFFF57415645", "wav")]
    [InlineData("52494646AABBCCDD57454250", null)]
    [InlineData("464C5601", "flv")]
    [InlineData("3026B2758E66CF11A6D9", "asf")]
    [InlineData("000001BA44", "mpeg")]
    [InlineData("000001B3", null)]
    [InlineData("4F676753", "ogg")]
    [InlineData("474946383961", "gif")]
    [InlineData("FFD8FFE0", null)]
    [InlineData("89504E470D0A1A0A", null)]
    [InlineData("FFFB9064", "mp3")]
    [InlineData("FFF15080", "aac")]
    [InlineData("0B77000000400000", "ac3")]
    [InlineData("0B77000000800000", "eac3")]
    [InlineData("49443304000000000002FFF15080", "mp3")]
    [InlineData("49443304000000000002AAAAFFF15080", "aac")]
    [InlineData("4944330400", "mp3")]
    [InlineData("060E2B34020501010D01020101020400", "mxf")]
    [InlineData("00000010434D5243000000000000000000000018667479706D703432", "mov")]
    [InlineData("00000010434D5243000000000000000000000018787979706D703432", null)]
    [InlineData("000001BA4400040004010189C3F8000001BB", "mpeg")]
    [InlineData("494D4B480101000000000000000001BA4400040004010189C3F8000001E0", "mpeg")]
    [InlineData("494D4B48010100000000000000000121000100018000000001E0", null)]
    [InlineData("00000001674D401F0000000168EE3C80000000016588", "h264")]
    [InlineData("48584653000100000000000001674D401F0000000168EE3C80000000016588", "h264")]
    [InlineData("0000000167FF401F0000000168EE3C80000000016588", null)]
    [InlineData("0000000140010C010000000142010101000000014401C172000000012601AF", "hevc")]
    [InlineData("000001B314000F0000000100000F000001010F", "mpegvideo")]
    [InlineData("000001B001000001B58900000100000001200000000001B61000", "m4v")]
    [InlineData("12000A0A00000004", "obu")]
    [InlineData("44484156FD000000", "dhav")]
    [InlineData("", null)]
    [InlineData("00", null)]
    public void The_first_bytes_select_the_demuxer(string bytes, string? demuxer)
        => Assert.Equal(demuxer, Signatures.Find(Convert.FromHexString(bytes)));

    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-VERSION:3\n")]
    [InlineData("ffconcat version 1.0\n")]
    [InlineData("<?xml version=\"1.0\"?><MPD/>")]
    [InlineData("v=0\no=- 0 0 IN IP4 127.0.0.1\n")]
    [InlineData("[playlist]\nFile1=http://example.org/\n")]
    [InlineData("%PDF-1.7")]
    [InlineData("GGGGG")]
    public void Text_is_never_media(string text) => Assert.Null(Signatures.Find(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData(188, 0)]
    [InlineData(188, 100)]
    [InlineData(192, 4)]
    [InlineData(204, 0)]
    public void A_transport_stream_is_recognised_by_its_sync_bytes(int packet, int first)
    {
        var bytes = new byte[packet * 6];
        for (var at = first; at < bytes.Length; at += packet)
            bytes[at] = 0x47;

        Assert.Equal("mpegts", Signatures.Find(bytes));
        bytes[first + packet * 2] = 0;
        Assert.Null(Signatures.Find(bytes));
    }

    [Fact]
    public void A_transport_stream_may_begin_after_a_header_of_the_recorder()
    {
        var bytes = new byte[1000 + 188 * 12];
        for (var at = 1000; at < bytes.Length; at += 188)
            bytes[at] = 0x47;

        Assert.Equal("mpegts", Signatures.Find(bytes));
    }

    [Fact]
    public void Every_selected_demuxer_is_allowed()
    {
        var allowed = Containers.Allowed.Split(',').ToHashSet();
        var random = new Random(11);
        string[] starts = ["ftypftyp", "RIFF....AVI ", "RIFF....WAVE", "riff.", "FORM....AIFF", "caff", "fLaC", "OggS", "FLV",
            "nut/multimedia container\0", ".RMF", "GIF89a", "DKIF", "#!AMR", "wvpk", "ID3"];
        foreach (var start in starts)
            Assert.Contains(Signatures.Find(Encoding.ASCII.GetBytes(start)) ?? start, allowed);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(1, 40)];
            random.NextBytes(bytes);
            if (round % 2 == 0)
                bytes[0] = (byte)(round % 4 == 0 ? 0xFF : 0x0B);
            if (Signatures.Find(bytes) is { } demuxer)
                Assert.Contains(demuxer, allowed);
        }
    }
}
