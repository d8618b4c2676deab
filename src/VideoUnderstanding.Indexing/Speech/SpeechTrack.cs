using Microsoft.Extensions.Logging;
using VideoUnderstanding.Inference.Speech;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Speech;

/// <summary>Reads the sound track of a video that has speech.</summary>
public sealed partial class SpeechTrack(SoundReader sounds, ILogger<SpeechTrack> logger)
{
    /// <summary>Returns the media with the default sound track or, if that has no speech, the first track with speech.</summary>
    public async Task<MediaInfo> ChooseAsync(
        string path, MediaInfo media, SpeechRecognizer speech, string videoId, CancellationToken cancellationToken)
    {
        if (media.AudioTracks.Count < 2)
            return media;
        foreach (var track in media.AudioTracks)
        {
            var one = media with { Audio = track };
            try
            {
                if (await speech.ContainsSpeechAsync(sounds.ReadAsync(path, one, cancellationToken), cancellationToken))
                    return one;
            }
            catch (MediaException broken)
            {
                LogTrackBroken(logger, broken, videoId, track.StreamIndex);
            }
        }
        return media;
    }

    /// <summary>Recognises the speech of a video without intermediate commits.</summary>
    /// <param name="language">As in a task.</param>
    /// <exception cref="MediaException">The sound cannot be decoded.</exception>
    public async Task<IReadOnlyList<SpokenText>> TranscribeAsync(string path, MediaInfo media, SpeechRecognizer speech, string language,
        string videoId, CancellationToken cancellationToken)
    {
        if (media.Audio is null)
            return [];
        var chosen = await ChooseAsync(path, media, speech, videoId, cancellationToken);
        var texts = new List<SpokenText>();
        await foreach (var segment in speech.Begin(language).ReadAsync(sounds.ReadAsync(path, chosen, cancellationToken),
            cancellationToken))
            texts.Add(new SpokenText(segment.Start, segment.End, segment.Text) { Language = segment.Language });
        return texts;
    }

    [LoggerMessage(EventId = 2042, Level = LogLevel.Information,
        Message = "Video {VideoId}: decoding of sound track {Track} failed before speech was found")]
    private static partial void LogTrackBroken(ILogger logger, Exception exception, string videoId, int track);
}
