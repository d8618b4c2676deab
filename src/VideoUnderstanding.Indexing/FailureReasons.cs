using VideoUnderstanding.Data;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing;

/// <summary>What a task that failed tells its user: a code of the catalogue and a sentence, never the insides of the server.</summary>
internal static class FailureReasons
{
    /// <summary>Null when another try may help.</summary>
    public static MediaViolation? Expected(Exception exception)
        => exception is IndexingFailedException { MayPass: true } or ModelUnavailableException { MayPass: true } ? null : Known(exception);

    /// <summary>What is told after the last try.</summary>
    public static MediaViolation GivenUp(Exception exception, int attempts) => Known(exception) ?? new("internal_server_error",
        DiskSpace.RanOut(exception)
            ? $"The server has no disk space left. Indexing was tried {attempts} times."
            : $"Indexing was tried {attempts} times and broke off each time. The server's log says why.");

    private static MediaViolation? Known(Exception exception) => exception switch
    {
        IndexingFailedException failed => new MediaViolation(failed.Code, failed.Message),
        MediaException broken => MediaRules.Broken(broken.Message),
        ModelUnavailableException missing => new MediaViolation("model_unavailable", missing.Message),
        _ => null,
    };
}
