using System.Text.Json;
using System.Text.Json.Serialization;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Confidence;

/// <summary>The calibration file of a model beside the manifest: <c>calibrations/MODEL.json</c>.</summary>
public static class CalibrationFile
{
    private const string Cosine = "cosine", NormalizedScore = "standing";

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <param name="manifest">Path of the manifest.</param>
    public static string PathFor(string manifest, string modelId)
        => Path.Combine(Path.GetDirectoryName(manifest)!, "calibrations", $"{modelId}.json");

    /// <returns>Null if there is no such file.</returns>
    /// <exception cref="ManifestException">The file is invalid; the message contains the place.</exception>
    public static ModelCalibration? Read(string path)
    {
        if (ManifestRole.ReadJson(path) is not { } root)
            return null;
        root.Only("comment", "model", "hash", "set", "roles");
        return new ModelCalibration(root.Get("model").NonEmptyText(), root.Get("hash").NonEmptyText(), root.Get("set").NonEmptyText(),
            root.Get("roles").Members().ToDictionary(member => RoleOf(member.Name, member.Node), member => ReadRole(member.Node)));
    }

    /// <summary>Replaces the file. Roles that were not measured now are kept if they belong to the same model and set.</summary>
    /// <returns>The new content of the file.</returns>
    public static ModelCalibration Write(string path, ModelCalibration measured)
    {
        var kept = Read(path) is { } before && before.Hash == measured.Hash && before.Set == measured.Set ? before.Roles
            : new Dictionary<EvidenceRole, RoleCalibration>();
        var all = measured with
        {
            Roles = kept.Concat(measured.Roles).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value),
        };
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var content = JsonSerializer.Serialize(new
        {
            all.Model,
            all.Hash,
            all.Set,
            Roles = all.Roles.OrderBy(pair => pair.Key).ToDictionary(pair => NameOf(pair.Key), pair => new
            {
                pair.Value.Pairs,
                pair.Value.Right,
                Evidence = pair.Value.Kind == EvidenceKind.Cosine ? Cosine : NormalizedScore,
                pair.Value.LeastSpread,
                Points = Pairs(pair.Value.Points),
                UpperPoints = pair.Value.UpperPoints is { } upper ? Pairs(upper) : null,
            }),
        }, Layout);
        var written = $"{path}.{Guid.NewGuid():N}";
        File.WriteAllText(written, content + "\n");
        File.Move(written, path, overwrite: true);
        return all;
    }

    private static IEnumerable<double[]> Pairs(IEnumerable<ScorePoint> points)
        => points.Select(point => new[] { point.Evidence, point.Score });

    /// <summary>The name of a role in the file, for example screen_text.</summary>
    public static string NameOf(EvidenceRole role) => JsonNamingPolicy.SnakeCaseLower.ConvertName(role.ToString());

    private static EvidenceRole RoleOf(string name, ManifestNode node)
    {
        var found = Enum.GetValues<EvidenceRole>().Where(role => NameOf(role) == name).ToList();
        return found.Count == 1 ? found[0] : throw node.Invalid("is no role of a calibration");
    }

    private static EvidenceKind ReadKind(ManifestNode node) => node.Text() switch
    {
        NormalizedScore => EvidenceKind.NormalizedScore,
        Cosine => EvidenceKind.Cosine,
        _ => throw node.Invalid($"must be {Cosine} or {NormalizedScore}"),
    };

    private static RoleCalibration ReadRole(ManifestNode node)
    {
        node.Only("pairs", "right", "evidence", "least_spread", "points", "upper_points");
        var spread = node.Get("least_spread");
        return new RoleCalibration((int)node.Get("pairs").Count(), (int)node.Get("right").Count(), ReadKind(node.Get("evidence")),
            spread.Number() is >= 0 and var least ? least : throw spread.Invalid("must not be below 0"),
            ManifestReader.ReadPoints(node.Get("points"), double.MaxValue))
        {
            UpperPoints = node.Find("upper_points") is { } upper ? ManifestReader.ReadPoints(upper, 1) : null,
        };
    }
}
