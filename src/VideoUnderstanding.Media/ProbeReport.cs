using System.Globalization;
using System.Text.Json;
using FFMpegCore;

namespace VideoUnderstanding.Media;

/// <summary>ffprobe's report of a file's header. Its lengths and rates are hints until the packets confirm them.</summary>
/// <param name="Info">With the default tracks. The duration is 0 if the header has none, and the ends of tracks count from the start of the
/// file.</param>
/// <param name="StartSeconds">Timestamp of the start of the file.</param>
/// <param name="Tracks">Number of tracks of any kind.</param>
internal sealed record ProbeReport(MediaInfo Info, double StartSeconds, int Tracks)
{
    // Listed one by one, because tags and side data of a hostile file can be of any size.
    private const string Entries = "format=format_name,duration,start_time"
        + ":stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,r_frame_rate,avg_frame_rate,start_time,duration,"
        + "sample_rate,channels,color_space,color_transfer,field_order,nb_frames"
        + ":stream_disposition=default,attached_pic,timed_thumbnails:stream_tags=rotate,DURATION:stream_side_data=rotation";

    /// <summary>Decodable picture tracks, the default one first.</summary>
    public required IReadOnlyList<VideoTrack> Pictures { get; init; }

    /// <summary>Sound tracks, the default one first.</summary>
    public required IReadOnlyList<AudioTrack> Sounds { get; init; }

    /// <summary>Frames of each track by the header.</summary>
    public required IReadOnlyDictionary<int, int> FrameCounts { get; init; }

    /// <summary>Picture tracks whose frames may be two packets, one for each field.</summary>
    public required IReadOnlySet<int> Interlaced { get; init; }

    /// <summary>Stored pixels per picture of each picture track.</summary>
    public required IReadOnlyDictionary<int, long> StoredPixels { get; init; }

    /// <summary>Timestamp of the end of the file by the header; null if unknown. Matroska and FLV count the end from 0, others from the
    /// start of the file.</summary>
    public double? DeclaredEnd => Info.DurationSeconds <= 0 ? null
        : Info.Container.StartsWith("matroska", StringComparison.Ordinal) || Info.Container == "flv" ? Info.DurationSeconds
        : StartSeconds + Info.DurationSeconds;

    /// <summary>Timestamp of the end of a track by the header. The end of the file is used only if it has no other tracks than picture and
    /// sound: subtitles and chapters may last longer.</summary>
    /// <param name="declared">The track's own end, from the start of the file.</param>
    public double? EndHint(double? declared) => declared + StartSeconds ?? (Tracks == Pictures.Count + Sounds.Count ? DeclaredEnd : null);

    public static string[] Arguments(InputFile file, MediaToolOptions options)
        => ["-v", "error", .. FFmpegCommand.InputSafety(file, options), "-of", "json", "-show_entries", Entries,
            FFmpegCommand.InputName(file.Path)];

    /// <exception cref="MediaException">There is neither a picture nor a sound track.</exception>
    public static ProbeReport Parse(string json, long sizeBytes)
    {
        // FFMpegCore's model of the output without its typed view, which fails if a rotate tag is no number.
        var analysis = JsonSerializer.Deserialize<FFProbeAnalysis>(json);
        if (analysis?.Format?.FormatName is not { } container || analysis.Streams is not { } streams)
            throw new MediaException(ToolMessages.Unreadable(""));
        var start = Number(analysis.Format.StartTime) ?? 0;
        // A stable order: of several default tracks the first.
        var pictures = streams.Where(IsPicture).OrderByDescending(stream => Has(stream, "default")).ToList();
        var sounds = streams.Where(stream => stream.CodecType == "audio").OrderByDescending(stream => Has(stream, "default")).ToList();
        if (pictures.Count == 0 && sounds.Count == 0)
            throw new MediaException("The file has neither a picture track nor a sound track.");
        var decodable = pictures.Where(IsDecodable).ToList();
        if (pictures.Count > 0 && decodable.Count == 0)
            throw new MediaException("The picture track can not be decoded: its format "
                + $"({pictures[0].CodecName ?? "unknown"}) or picture size is not known.");
        var (video, audio) = (decodable.ConvertAll(stream => ToVideo(stream, start)), sounds.ConvertAll(stream => ToAudio(stream, start)));
        var duration = Number(analysis.Format.Duration) ?? streams.Select(EndOf).Max() ?? 0;
        return new ProbeReport(new MediaInfo(container, duration, sizeBytes, video.FirstOrDefault(), audio.FirstOrDefault()), start,
            streams.Count)
        {
            Pictures = video,
            Sounds = audio,
            FrameCounts = Property(json, "nb_frames").Where(count => Number(count.Value) is > 0 and < int.MaxValue)
                .ToDictionary(count => count.Key, count => (int)Number(count.Value)!),
            Interlaced = Property(json, "field_order").Where(order => order.Value is "tt" or "bb" or "tb" or "bt")
                .Select(order => order.Key).ToHashSet(),
            StoredPixels = decodable.ToDictionary(stream => stream.Index, stream => (long)stream.Width!.Value * stream.Height!.Value),
        };
    }

    // The library's model lacks some properties.
    private static Dictionary<int, string> Property(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        var values = new Dictionary<int, string>();
        foreach (var stream in document.RootElement.GetProperty("streams").EnumerateArray())
            if (stream.TryGetProperty("index", out var index) && stream.TryGetProperty(name, out var value))
                values[index.GetInt32()] = value.ToString();
        return values;
    }

    // Cover art of music files is a picture track of one picture.
    private static bool IsPicture(FFProbeStream stream)
        => stream.CodecType == "video" && !Has(stream, "attached_pic") && !Has(stream, "timed_thumbnails");

    private static bool IsDecodable(FFProbeStream stream)
        => stream.Width is > 0 && stream.Height is > 0 && stream.CodecName is not (null or "unknown");

    private static bool Has(FFProbeStream stream, string disposition)
        => stream.Disposition is { } all && all.TryGetValue(disposition, out var value) && value != 0;

    private static VideoTrack ToVideo(FFProbeStream stream, double start)
    {
        var rotation = Rotation(stream);
        var pixelWidth = Ratio(stream.SampleAspectRatio, ':') is var ratio and > 0 ? ratio : 1;
        var (width, height) = ((int)Math.Max(1, Math.Round(stream.Width!.Value * pixelWidth)), stream.Height!.Value);
        var tick = Ratio(stream.FrameRate, '/');
        var average = Ratio(stream.AvgFrameRate, '/') is var rate and > 0 ? rate : tick;
        return new VideoTrack(stream.Index, stream.CodecName!, rotation % 180 == 0 ? width : height,
            rotation % 180 == 0 ? height : width, average, rotation)
        {
            EndSeconds = EndOf(stream) - start,
            TickRate = tick,
            ColorMatrix = stream.ColorSpace is null or "unknown" or "unspecified" or "reserved" ? null : stream.ColorSpace,
            DynamicRange = stream.ColorTransfer switch
            {
                "smpte2084" => DynamicRange.Pq,
                "arib-std-b67" => DynamicRange.Hlg,
                _ => DynamicRange.Standard,
            },
        };
    }

    private static AudioTrack ToAudio(FFProbeStream stream, double start)
        => new(stream.Index, stream.CodecName ?? "unknown", (int)(Number(stream.SampleRate) ?? 0), stream.Channels ?? 0)
        {
            EndSeconds = EndOf(stream) - start,
        };

    private static int Rotation(FFProbeStream stream)
    {
        // The display matrix counts counter-clockwise, the tag of older files clockwise.
        var matrix = stream.SideData
            ?.Select(data => data.TryGetValue("rotation", out var value) && value.TryGetValue<double>(out var degrees) ? degrees
                : (double?)null)
                .FirstOrDefault(degrees => degrees is not null);
        var clockwise = -matrix ?? (stream.Tags is { } tags && tags.TryGetValue("rotate", out var tag) ? Number(tag) : null) ?? 0;
        var turned = ((int)Math.Round(clockwise) % 360 + 360) % 360;
        return turned % 90 == 0 ? turned : 0;
    }

    private static double? EndOf(FFProbeStream stream)
        => Number(stream.Duration) + (Number(stream.StartTime) ?? 0) ?? TaggedEnd(stream);

    // Matroska has no length of single tracks; its writers store the end in a tag, with more digits than TimeSpan parses.
    private static double? TaggedEnd(FFProbeStream stream)
        => stream.Tags is { } tags && tags.TryGetValue("DURATION", out var tag)
            && TimeSpan.TryParse(tag.Length > 16 ? tag[..16] : tag, CultureInfo.InvariantCulture, out var end) && end > TimeSpan.Zero
            ? end.TotalSeconds
            : null;

    private static double? Number(string? text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static double Ratio(string? text, char separator)
    {
        var parts = text?.Split(separator) ?? [];
        return parts.Length == 2 && Number(parts[0]) is { } above && Number(parts[1]) is { } below && below != 0 ? above / below : 0;
    }
}
