using FFMpegCore.Arguments;

namespace VideoUnderstanding.Media;

/// <summary>Filters that both frames and thumbnails need. FFmpeg itself turns the pictures upright before them.</summary>
internal static class PictureFilters
{
    private const int HighDefinitionRows = 720;

    /// <summary>Scales to square pixels. Lanczos keeps small letters readable.</summary>
    public static VideoFilterOptions ScaledTo(this VideoFilterOptions filters, PictureSize size, VideoTrack track)
    {
        // FFmpeg takes BT.601 where the file is silent; players take BT.709 for high definition.
        var matrix = track.ColorMatrix is null && track.ShortSide >= HighDefinitionRows ? ":in_color_matrix=bt709" : "";
        return filters
            .WithCustomFilter("scale", $"w={size.Width}:h={size.Height}:flags=lanczos+accurate_rnd+full_chroma_int{matrix}")
            .WithCustomFilter("setsar", "1");
    }
}
