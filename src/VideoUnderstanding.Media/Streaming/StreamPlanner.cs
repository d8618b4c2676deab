using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media.Streaming;

/// <summary>Decides whether the packets of a video can be copied and where its segments begin.</summary>
public sealed class StreamPlanner(MediaProbe probe, IOptions<MediaToolOptions> options)
{
    /// <summary>Intended seconds of a segment. Copied segments begin at the first key frame after this time.</summary>
    internal const double TargetSeconds = 6;

    /// <summary>Maximum seconds of a copied segment. With fewer key frames the video is encoded.</summary>
    internal const double MaxCopiedSeconds = 20;

    /// <summary>Limits of the encoded frame rate. Slide shows use the lower one, so that every segment has pictures.</summary>
    private const double MinRate = 10, MaxRate = 31;

    private const double DefaultRate = 25;

    /// <summary>Seconds by which the first packet may differ from time 0 (rounding).</summary>
    private const double ClockTolerance = 0.002;

    /// <summary>Seconds by which a copied sound track may begin after the pictures, because players look for the tracks in the first
    /// segment, and before them, because players take the earlier one for the start of the video.</summary>
    private const double MaxSoundDelay = 1, MaxSoundLead = 0.1;

    private static readonly string[] PlayableProfiles = ["Constrained Baseline", "Baseline", "Main", "High"];

    private readonly MediaToolOptions _options = options.Value;

    /// <exception cref="MediaException">The file has no pictures.</exception>
    /// <exception cref="ToolException">A tool is missing or was stopped.</exception>
    public async Task<StreamPlan> PlanAsync(string path, CancellationToken cancellationToken)
    {
        var info = await probe.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        if (info.Video is null)
            throw new MediaException("The file has no picture track.");
        var file = info.Clock.Open(path);
        var packets = MayCopy(info) && await IsPlayableAsync(file, info.Video, cancellationToken).ConfigureAwait(false)
            ? await PacketList.ReadAsync(file, info, _options, cancellationToken).ConfigureAwait(false)
            : null;
        return Plan(info, packets);
    }

    /// <param name="packets">Null if browsers cannot play the tracks unchanged.</param>
    internal static StreamPlan Plan(MediaInfo info, PacketList? packets)
    {
        var plan = new StreamPlan(false, info.Clock, info.Video!.StreamIndex, info.Audio?.StreamIndex, info.Audio?.EndSeconds
            ?? (info.Audio is null ? 0 : info.DurationSeconds), RateOf(info.Video), []);
        return packets is not null && CopiedSegments(packets, info) is { } copied
            ? plan with { IsCopied = true, Segments = copied }
            : plan with { Segments = EncodedSegments(info.DurationSeconds, plan.FramesPerSecond) };
    }

    private static bool MayCopy(MediaInfo info) => info.Clock.Kind == ClockKind.Stamped && info.Clock.Origin >= 0
        && info.Video is { Codec: "h264", Rotation: 0, DynamicRange: DynamicRange.Standard }
        && info.Audio is null or { Codec: "aac", Channels: 1 or 2 };

    private async Task<bool> IsPlayableAsync(InputFile file, VideoTrack track, CancellationToken cancellationToken)
    {
        var output = await ToolProcess.RunAsync(_options.FFprobePath, ["-v", "error", .. FFmpegCommand.InputSafety(file, _options),
            "-select_streams", $"{track.StreamIndex}", "-show_entries", "stream=profile,pix_fmt", "-of", "default=nw=1:nk=1",
            FFmpegCommand.InputName(file.Path)], _options.ProbeLimits, cancellationToken).ConfigureAwait(false);
        var lines = output.Text.Split('\n', StringSplitOptions.TrimEntries);
        return lines.Any(PlayableProfiles.Contains) && lines.Any(line => line is "yuv420p" or "yuvj420p");
    }

    /// <returns>Null if the packets cannot be cut at key frames that are close enough.</returns>
    private static List<StreamSegment>? CopiedSegments(PacketList packets, MediaInfo info)
    {
        var (pictures, refreshes, origin) = (packets.Pictures, packets.Refreshes.ToHashSet(), info.Clock.Origin);
        if (!packets.IsPlain || pictures.Count == 0 || !refreshes.Contains(pictures[0].Shown)
            || Math.Abs(pictures.Min(picture => picture.Shown) - origin) > ClockTolerance
            || Math.Abs(pictures[0].Shown - origin) > ClockTolerance
            || (info.Audio is not null
                && packets.Sounds.FirstOrDefault(double.PositiveInfinity) - origin is < -MaxSoundLead or > MaxSoundDelay))
            return null;
        packets.Sounds.Sort();
        List<StreamSegment> segments = [new(0, info.DurationSeconds, pictures[0].Shown)];
        for (var number = 1; number < pictures.Count; number++)
        {
            var (before, picture) = (pictures[number - 1], pictures[number]);
            if (picture.Decoded < before.Decoded)
                return null;
            if (!refreshes.Contains(picture.Shown) || picture.Shown - segments[^1].Key < TargetSeconds)
                continue;
            var cut = (before.Decoded + picture.Decoded) / 2;
            // For players a segment starts with its first packet, picture or sound.
            segments[^1] = segments[^1] with { End = Math.Min(FirstSound(packets.Sounds, cut), picture.Shown) - origin };
            segments.Add(new StreamSegment(segments[^1].End, info.DurationSeconds, picture.Shown, cut));
        }
        return segments.TrueForAll(segment => segment.Seconds is > 0 and <= MaxCopiedSeconds) ? segments : null;
    }

    /// <summary>The first time at or after <paramref name="from"/>; infinity if there is none.</summary>
    private static double FirstSound(List<double> sorted, double from)
    {
        var index = sorted.BinarySearch(from);
        index = index < 0 ? ~index : index;
        return index < sorted.Count ? sorted[index] : double.PositiveInfinity;
    }

    /// <summary>Segments of a whole number of pictures, so that the constant rate continues across their borders.</summary>
    private static List<StreamSegment> EncodedSegments(double duration, double rate)
    {
        var length = Math.Ceiling(TargetSeconds * rate) / rate;
        var count = Math.Max(1, (int)Math.Ceiling((duration - 0.5 / rate) / length));
        return [.. Enumerable.Range(0, count).Select(number => new StreamSegment(number * length,
            number == count - 1 ? Math.Max(duration, number * length + 1 / rate) : (number + 1) * length))];
    }

    private static double RateOf(VideoTrack track)
    {
        var rate = track.FramesPerSecond > 0 ? track.FramesPerSecond : DefaultRate;
        while (rate > MaxRate)
            rate /= 2;
        return Math.Max(rate, MinRate);
    }
}
