using VideoUnderstanding.Indexing.Filenames;

namespace VideoUnderstanding.UnitTests.Indexing.Filenames;

/// <summary>File names as programs write them in forms and responses.</summary>
public sealed class ContentDispositionTests
{
    [Theory]
    // Go, Java, curl with --form-escape: RFC 9110.
    [InlineData("""filename="Interview \"take 2\".mp4";""", "Interview \"take 2\".mp4")]
    [InlineData("""filename="a\\b \"c\" %22d.mp4" """, "a\\b \"c\" %22d.mp4")]
    [InlineData("""filename="one\"; name=\"two.mp4" """, "one\"; name=\"two.mp4")]
    // Browsers, curl from 7.81 on, Python's urllib3 2: WHATWG.
    [InlineData("""filename="Interview %22take 2%22.mp4" """, "Interview \"take 2\".mp4")]
    [InlineData("""filename="100%.mp4" """, "100%.mp4")]
    [InlineData("""filename="line%0D%0Abreak.mp4" """, "line\r\nbreak.mp4")]
    // A browser on Windows, and a name that ends with a backslash.
    [InlineData("""filename="C:\videos\clip.mp4" """, "C:\\videos\\clip.mp4")]
    [InlineData("""filename="odd\"; x=1""", "odd\\")]
    // Node's form-data does not escape.
    [InlineData("""filename="Interview "take 2".mp4" """, "Interview \"take 2\".mp4")]
    [InlineData("""filename="a; b.mp4"; size=3""", "a; b.mp4")]
    // Python's requests before urllib3 1.25, RFC 8187.
    [InlineData("""filename="x.mp4"; filename*=UTF-8''na%C3%AFve%20%22x%22.mp4""", "naïve \"x\".mp4")]
    [InlineData("""filename*=iso-8859-1'en'na%EFve.mp4""", "naïve.mp4")]
    [InlineData("""filename*=no-such-charset''x.mp4; filename="y.mp4" """, "y.mp4")]
    [InlineData("""filename*=UTF-8''broken%zz.mp4; filename="y.mp4" """, "y.mp4")]
    // RFC 2231, which Python's email package writes for long names.
    [InlineData("""filename*0*=utf-8''na%C3%AFve; filename*1*=%20part; filename*2=" two.mp4" """, "naïve part two.mp4")]
    // RFC 2047, which .NET and Java mail write.
    [InlineData("""filename="=?utf-8?B?bmHDr3ZlLm1wNA==?=" """, "naïve.mp4")]
    [InlineData("""filename="=?iso-8859-1?Q?na=EFve_two.mp4?=" """, "naïve two.mp4")]
    [InlineData("filename=plain.mp4", "plain.mp4")]
    [InlineData("FileName = \"upper.mp4\"", "upper.mp4")]
    [InlineData("filename=\"船.mp4\"", "船.mp4")]
    [InlineData("filename=\"\"", "")]
    [InlineData("size=3", null)]
    public void File_names_of_forms_are_read(string parameters, string? expected)
    {
        var header = ContentDisposition.Parse($"form-data; name=\"video_file\"; {parameters}");
        Assert.Equal("video_file", header.Name);
        Assert.Equal(expected, header.Filename(isForm: true));
    }

    [Theory]
    [InlineData("attachment; filename=\"a %22b%22.mp4\"", "a %22b%22.mp4")]
    [InlineData("attachment; filename=\"a \\\"b\\\".mp4\"", "a \"b\".mp4")]
    [InlineData("inline;filename=clip.mp4", "clip.mp4")]
    [InlineData("attachment; filename=\"na\u00C3\u00AFve.mp4\"", "naïve.mp4")]
    [InlineData("attachment; filename=\"na\u00EFve.mp4\"", "naïve.mp4")]
    [InlineData("attachment", null)]
    [InlineData("", null)]
    public void File_names_of_responses_are_read(string header, string? expected)
        => Assert.Equal(expected, ContentDisposition.Parse(header).Filename(isForm: false));

    [Theory]
    [InlineData(";;;===")]
    [InlineData("form-data; name")]
    [InlineData("form-data; name=\"unclosed")]
    [InlineData("form-data; =\"x\"; filename*0*=; filename**=")]
    public void The_readable_part_of_a_malformed_header_is_used(string header)
    {
        var parsed = ContentDisposition.Parse(header);
        Assert.True(parsed.Name is null or "unclosed");
        Assert.Null(parsed.Filename(isForm: true));
    }
}
