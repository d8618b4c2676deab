using System.Globalization;
using System.Text.Json;
using FFMpegCore;

namespace VideoUnderstanding.Media;

/// <summary>What ffprobe says of a file's header.</summary>
/// <param name="Info">Its duration is 0 when the header does not tell it.</param>
/// <param name="StartSeconds">Time stamp that counts as the start of the file.</param>
/// <param name="Tracks">Tracks of any kind.</param>
/// <param name="StoredPixels">Pixels of a picture as it is stored; 0 without a picture track.</param>
internal sealed record ProbeReport(MediaInfo Info, double StartSeconds, int Tracks, long StoredPixels)
{
    // Named one by one: tags and side data of a hostile file can be of any size.
    private const string Entries = "format=format_name,duration,start_time"
        + ":stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,r_frame_rate,avg_frame_rate,start_time,duration,sample_rate,channels,color_space"
        + ":stream_disposition=attached_pic,timed_thumbnails:stream_tags=rotate,DURATION:stream_side_data=rotation";

    public static string[] Arguments(InputFile file, MediaToolOptions options)
        => ["-v", "error", .. FFmpegCommand.InputSafety(file, options), "-probesize", "20M", "-analyzeduration", "10M", "-of", "json", "-show_entries", Entries, FFmpegCommand.InputName(file.Path)];

    /// <exception cref="MediaException">There is neither a picture nor a sound track in it.</exception>
    public static ProbeReport Parse(string json, long sizeBytes)
    {
        // FFMpegCore's model of the output without its typed view: that one fails on a rotate tag which is no number.
        var analysis = JsonSerializer.Deserialize<FFProbeAnalysis>(json);
        if (analysis?.Format?.FormatName is not { } container || analysis.Streams is not { } streams)
            throw new MediaException(ToolWords.Unreadable(""));
        var start = Number(analysis.Format.StartTime) ?? 0;
        var video = streams.FirstOrDefault(IsPicture);
        var audio = streams.FirstOrDefault(stream => stream.CodecType == "audio");
        if (video is null && audio is null)
            throw new MediaException("The file has neither a picture track nor a sound track.");
        var duration = Number(analysis.Format.Duration) ?? streams.Select(EndOf).Max() ?? 0;
        var info = new MediaInfo(container, duration, sizeBytes, video is null ? null : ToVideo(video, start), audio is null ? null : ToAudio(audio, start));
        return new ProbeReport(info, start, streams.Count, (long)(video?.Width ?? 0) * (video?.Height ?? 0));
    }

    // Cover art of music files is a picture track of one picture.
    private static bool IsPicture(FFProbeStream stream)
        => stream.CodecType == "video" && !Has(stream, "attached_pic") && !Has(stream, "timed_thumbnails");

    private static bool Has(FFProbeStream stream, string disposition)
        => stream.Disposition is { } all && all.TryGetValue(disposition, out var value) && value != 0;

    private static VideoTrack ToVideo(FFProbeStream stream, double start)
    {
        if (stream.Width is not > 0 || stream.Height is not > 0 || stream.CodecName is null or "unknown")
            throw new MediaException($"The picture track can not be decoded: its format ({stream.CodecName ?? "unknown"}) or picture size is not known.");
        var rotation = Rotation(stream);
        var pixelWidth = Ratio(stream.SampleAspectRatio, ':') is var ratio and > 0 ? ratio : 1;
        var width = (int)Math.Max(1, Math.Round(stream.Width.Value * pixelWidth));
        var tick = Ratio(stream.FrameRate, '/');
        var average = Ratio(stream.AvgFrameRate, '/') is var rate and > 0 ? rate : tick;
        return new VideoTrack(stream.Index, stream.CodecName, rotation % 180 == 0 ? width : stream.Height.Value, rotation % 180 == 0 ? stream.Height.Value : width, average, rotation)
        {
            EndSeconds = EndOf(stream) - start,
            TickRate = tick,
            ColorMatrix = stream.ColorSpace is null or "unknown" or "unspecified" or "reserved" ? null : stream.ColorSpace,
        };
    }

    private static AudioTrack ToAudio(FFProbeStream stream, double start)
        => new(stream.Index, stream.CodecName ?? "unknown", (int)(Number(stream.SampleRate) ?? 0), stream.Channels ?? 0) { EndSeconds = EndOf(stream) - start };

    private static int Rotation(FFProbeStream stream)
    {
        // The display matrix counts counter-clockwise, the tag of older files clockwise.
        var matrix = stream.SideData?.Select(data => data.TryGetValue("rotation", out var value) && value.TryGetValue<double>(out var degrees) ? degrees : (double?)null)
            .FirstOrDefault(degrees => degrees is not null);
        var clockwise = -matrix ?? (stream.Tags is { } tags && tags.TryGetValue("rotate", out var tag) ? Number(tag) : null) ?? 0;
        var turned = ((int)Math.Round(clockwise) % 360 + 360) % 360;
        return turned % 90 == 0 ? turned : 0;
    }

    private static double? EndOf(FFProbeStream stream)
        => Number(stream.Duration) + (Number(stream.StartTime) ?? 0) ?? TaggedEnd(stream);

    // Matroska has no length of single tracks; its writers put the end into a tag, with more digits than TimeSpan reads.
    private static double? TaggedEnd(FFProbeStream stream)
        => stream.Tags is { } tags && tags.TryGetValue("DURATION", out var tag)
            && TimeSpan.TryParse(tag.Length > 16 ? tag[..16] : tag, CultureInfo.InvariantCulture, out var end) && end > TimeSpan.Zero ? end.TotalSeconds : null;

    private static double? Number(string? text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static double Ratio(string? text, char separator)
    {
        var parts = text?.Split(separator) ?? [];
        return parts.Length == 2 && Number(parts[0]) is { } above && Number(parts[1]) is { } below && below != 0 ? above / below : 0;
    }
}
