using VideoUnderstanding.Media.StillPictures;

namespace VideoUnderstanding.UnitTests.Media.StillPictures;

public sealed class StillPictureTests
{
    [Fact]
    public void A_picture_is_recognised_by_its_first_bytes()
    {
        Assert.Equal("image/png", PictureKind.Detect([0x89, (byte)'P', (byte)'N', (byte)'G', 13])!.MediaType);
        Assert.Equal("image/jpeg", PictureKind.Detect([0xFF, 0xD8, 0xFF, 0xE0])!.MediaType);
        Assert.Equal("image/webp", PictureKind.Detect("RIFF1234WEBPVP8 "u8)!.MediaType);
        Assert.Equal("image/bmp", PictureKind.Detect("BM12"u8)!.MediaType);
        Assert.Null(PictureKind.Detect("<svg xmlns="u8));
        Assert.Null(PictureKind.Detect("GIF89a"u8));
        Assert.Null(PictureKind.Detect("RIFF1234AVI "u8));
        Assert.Null(PictureKind.Detect([]));
    }

    [Fact]
    public void The_decoder_gets_format_and_pixel_limit_and_reads_only_the_file()
    {
        var arguments = PictureReader.Arguments("/tmp/-x:y", PictureKind.Detect("BM"u8)!, 1000);
        Assert.Equal("bmp_pipe", arguments[Array.IndexOf(arguments, "-f") + 1]);
        Assert.Equal("1000", arguments[Array.IndexOf(arguments, "-max_pixels") + 1]);
        Assert.Equal("file:/tmp/-x:y", arguments[Array.IndexOf(arguments, "-i") + 1]);
        Assert.Equal("file,pipe", arguments[Array.IndexOf(arguments, "-protocol_whitelist") + 1]);
    }

    [Fact]
    public void A_PAM_picture_is_read_and_other_formats_are_refused()
    {
        var picture = StillPicture.Parse(
            [.. "P7\nWIDTH 2\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n"u8, 1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Equal((2, 1), (picture.Width, picture.Height));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], picture.Rgba);
        Assert.Throws<FormatException>(() => StillPicture.Parse([.. "P7\nWIDTH 2\nHEIGHT 1\nDEPTH 4\nENDHDR\n"u8, 1, 2, 3]));
        Assert.Throws<FormatException>(() => StillPicture.Parse([.. "P6\n2 1\n255\n"u8, 1, 2, 3]));
        Assert.Throws<FormatException>(() => StillPicture.Parse([]));
    }

    [Theory]
    [InlineData(20, 255)]
    [InlineData(240, 32)]
    public void A_transparent_picture_gets_a_contrasting_background(byte ink, byte ground)
    {
        var pixels = new byte[40 * 20 * 4];
        Rectangle(pixels, 40, (10, 5, 20, 10), [ink, ink, ink, 255]);

        var square = LogoSquare.Create(new StillPicture(40, 20, pixels));

        // The empty edge is removed; twenty pixels wide, with a small margin on all sides.
        Assert.Equal((23, 23), (square.Width, square.Height));
        Assert.Equal(ground, square.Rgb[0]);
        Assert.Equal(ink, square.Rgb[(11 * 23 + 11) * 3]);
        Assert.Equal(20 * 10, Enumerable.Range(0, 23 * 23).Count(pixel => square.Rgb[pixel * 3] == ink));
    }

    [Fact]
    public void An_opaque_picture_keeps_its_background()
    {
        var pixels = new byte[30 * 30 * 4];
        Rectangle(pixels, 30, (0, 0, 30, 30), [10, 200, 10, 255]);
        Rectangle(pixels, 30, (4, 10, 22, 6), [200, 10, 10, 255]);

        var square = LogoSquare.Create(new StillPicture(30, 30, pixels));

        Assert.Equal([10, 200, 10], square.Rgb[..3]);
        Assert.Equal(25, square.Width);
        Assert.Equal(22 * 6, Enumerable.Range(0, 25 * 25).Count(pixel => square.Rgb[pixel * 3] == 200));
    }

    [Fact]
    public void A_picture_of_one_colour_is_not_changed()
    {
        var pixels = new byte[8 * 4 * 4];
        Rectangle(pixels, 8, (0, 0, 8, 4), [9, 8, 7, 255]);
        var square = LogoSquare.Create(new StillPicture(8, 4, pixels));
        Assert.Equal(square.Width, square.Height);
        Assert.All(Enumerable.Range(0, square.Width * square.Height), pixel => Assert.Equal(9, square.Rgb[pixel * 3]));
    }

    private static void Rectangle(byte[] pixels, int width, (int Left, int Top, int Width, int Height) place, byte[] colour)
    {
        for (var y = place.Top; y < place.Top + place.Height; y++)
            for (var x = place.Left; x < place.Left + place.Width; x++)
                colour.CopyTo(pixels, (y * width + x) * 4);
    }
}
