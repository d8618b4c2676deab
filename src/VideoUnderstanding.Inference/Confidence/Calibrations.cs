using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Confidence;

/// <summary>The score maps of the configured models: measured if there is a calibration of exactly these files, otherwise
/// provisional.</summary>
public sealed partial class Calibrations(ModelManifest manifest, ModelSet models, ILogger<Calibrations> logger)
{
    private readonly ConcurrentDictionary<ModelRole, Lazy<ModelState>> _states = new();
    private readonly ConcurrentDictionary<EvidenceRole, ScoreMap> _overrides = new();

    private sealed record ModelState(ModelCalibration? Calibration, string? Reason);

    /// <summary>The first call reads all files of the model, unless it is loaded.</summary>
    /// <exception cref="ManifestException">There is neither a calibration nor a curve in the manifest, or the calibration file is
    /// invalid.</exception>
    public ScoreMap MapOf(EvidenceRole role) => _overrides.TryGetValue(role, out var map)
        ? map
        : StateOf(role).Calibration?.Roles.GetValueOrDefault(role)?.ToMap() ?? Provisional(role);

    private ScoreMap Provisional(EvidenceRole role) => role switch
    {
        EvidenceRole.Sound => ScoreMap.ProvisionalNotNormalized(models.Scores(role.Model())),
        EvidenceRole.Picture => ScoreMap.ProvisionalNotNormalized(
            models.Role(role.Model())?.Model.PictureScores ?? ScoreMap.UsualPictureScores),
        _ => ScoreMap.Provisional(models.Scores(role.Model())),
    };

    /// <summary>Ignores the existing calibration of a role, so that a new measurement does not depend on it.</summary>
    /// <param name="leastSpread">See <see cref="ScoreMap"/>; 0 if unknown.</param>
    public void IgnoreExisting(EvidenceRole role, double leastSpread) => _overrides[role] = ScoreMap.Unmeasured(leastSpread);

    /// <summary>Null if the role's scores are measured; otherwise a sentence with the reason.</summary>
    /// <exception cref="ManifestException">The calibration file is invalid.</exception>
    public string? WhyProvisional(EvidenceRole role)
    {
        var state = StateOf(role);
        return state.Reason
            ?? (state.Calibration!.Roles.ContainsKey(role) ? null
                : $"the calibration of {state.Calibration.Model} says nothing about {CalibrationFile.NameOf(role)}");
    }

    private ModelState StateOf(EvidenceRole role)
        => _states.GetOrAdd(role.Model(), model => new Lazy<ModelState>(() => ReadState(model))).Value;

    private ModelState ReadState(ModelRole role)
    {
        if (models.Role(role) is not { } model)
            return new ModelState(null, "the profile has no such model");
        var path = CalibrationFile.PathFor(manifest.Path, model.ModelId);
        var state = CalibrationFile.Read(path) is not { } found
            ? new ModelState(null, $"{model.ModelId} has not been calibrated; run vu calibrate")
            : found.Hash != models.HashOf(role)
                ? new ModelState(null, $"{path} was measured with other files or settings of {model.ModelId}; run vu calibrate again")
            : new ModelState(found, null);
        if (state.Reason is { } reason)
            LogProvisional(logger, role, reason);
        return state;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Scores of {Role} are provisional and never high: {Reason}")]
    private static partial void LogProvisional(ILogger logger, ModelRole role, string reason);
}
