using FFMpegCore.Arguments;

namespace VideoUnderstanding.Media;

/// <summary>Filters for frames and thumbnails. FFmpeg rotates the pictures upright before them.</summary>
internal static class PictureFilters
{
    private const int HighDefinitionRows = 720;

    // BT.2020 to BT.709 in linear light (ITU-R BT.2087).
    private const string ToBt709 = "rr=1.6605:rg=-0.5876:rb=-0.0728:gr=-0.1246:gg=1.1329:gb=-0.0083:br=-0.0182:bg=-0.1006:bb=1.1187";

    /// <summary>Converts timestamps to times of the video; must be the first filter.</summary>
    public static VideoFilterOptions WithClock(this VideoFilterOptions filters, string filter)
        => filter.Split('=', 2) is [var name, var value] ? filters.WithCustomFilter(name, value) : filters;

    /// <summary>Scales to square pixels and maps high dynamic range to standard range. Lanczos keeps small letters readable.</summary>
    public static VideoFilterOptions ScaledTo(this VideoFilterOptions filters, PictureSize size, VideoTrack track)
    {
        // Without a matrix in the file FFmpeg assumes BT.601; players assume BT.709 for high definition and BT.2020 for high dynamic range.
        var matrix = track.ColorMatrix is not null ? ""
            : track.DynamicRange != DynamicRange.Standard ? ":in_color_matrix=bt2020"
            : track.ShortSide >= HighDefinitionRows ? ":in_color_matrix=bt709" : "";
        return filters
            .WithCustomFilter("scale", $"w={size.Width}:h={size.Height}:flags=lanczos+accurate_rnd+full_chroma_int{matrix}")
            .WithCustomFilter("setsar", "1")
            .ToneMapped(track.DynamicRange);
    }

    /// <summary>Lookup tables for each channel and a matrix between them: transfer function to linear light (0 to 1,000 cd/m2), primaries
    /// of BT.709, and a curve that keeps reference white (203 cd/m2, ITU-R BT.2408) light and compresses what is brighter. Unlike zscale,
    /// these filters are in every build of FFmpeg.</summary>
    private static VideoFilterOptions ToneMapped(this VideoFilterOptions filters, DynamicRange range)
        => range == DynamicRange.Standard ? filters
            : filters
                .WithCustomFilter("format", "gbrp16")
                .WithCustomFilter("lutrgb", Channels(range == DynamicRange.Pq ? PqToLinear : HlgToLinear))
                .WithCustomFilter("colorchannelmixer", ToBt709)
                .WithCustomFilter("lutrgb", Channels(ToStandard));

    private const string Signal = "val/maxval";

    // SMPTE ST 2084: 1 is 10,000 cd/m2; light above 1,000 is cut.
    private const string PqToLinear = $"st(0,pow({Signal},1/78.84375));"
        + "min(10*pow(max(ld(0)-0.8359375,0)/(18.8515625-18.6875*ld(0)),1/0.1593017578125),1)*maxval";

    // ITU-R BT.2100: the inverse transfer function, then the system gamma of a display of 1,000 cd/m2, here per channel.
    private const string HlgToLinear = $"st(0,{Signal});"
        + "pow(if(lte(ld(0),0.5),ld(0)*ld(0)/3,(exp((ld(0)-0.55991073)/0.17883277)+0.28466892)/12),1.2)*maxval";

    // 1 becomes reference white. Up to 0.6 of it is linear; above that the Moebius curve maps 1,000 cd/m2 to 1. Then sRGB.
    private const string ToStandard = $"st(0,{Signal}*1000/203);"
        + "st(0,if(lte(ld(0),0.6),ld(0),1.0407528*(ld(0)-0.3459035)/(ld(0)-0.1592472)));"
        + "if(lte(ld(0),0.0031308),12.92*ld(0),1.055*pow(ld(0),1/2.4)-0.055)*maxval";

    // Semicolons are escaped, because they separate filter chains.
    private static string Channels(string function)
        => function.Replace(";", @"\;", StringComparison.Ordinal) is var text ? $"r={text}:g={text}:b={text}" : "";
}

/// <summary>A size in pixels.</summary>
internal readonly record struct PictureSize(int Width, int Height)
{
    public int Bytes => Width * Height * 3;

    /// <summary>The size of a track's pictures with the long side at most <paramref name="maxLongSide"/> pixels: never enlarged, both sides
    /// even.</summary>
    public static PictureSize Fit(VideoTrack track, int maxLongSide) => Fit(track.Width, track.Height, maxLongSide);

    /// <inheritdoc cref="Fit(VideoTrack, int)"/>
    public static PictureSize Fit(int width, int height, int maxLongSide)
    {
        var scale = Math.Min(1, (double)maxLongSide / Math.Max(width, height));
        return new PictureSize(Even(width * scale), Even(height * scale));
    }

    /// <summary>The largest size with the shape of a track's pictures inside a frame; both sides even.</summary>
    public static PictureSize Inside(VideoTrack track, int width, int height)
    {
        var scale = Math.Min((double)width / track.Width, (double)height / track.Height);
        return new PictureSize(Math.Min(Even(track.Width * scale), width), Math.Min(Even(track.Height * scale), height));
    }

    /// <summary>As <see cref="Fit"/>, with the short side at most <paramref name="maxShortSide"/> pixels.</summary>
    public static PictureSize FitShortSide(int width, int height, int maxShortSide)
    {
        var scale = Math.Min(1, (double)maxShortSide / Math.Min(width, height));
        return new PictureSize(Even(width * scale), Even(height * scale));
    }

    // Rounded down, because rounding up would enlarge.
    private static int Even(double side) => Math.Max(2, (int)(side + 0.001) & ~1);
}
