using System.Text.Json;
using System.Text.RegularExpressions;

namespace VideoUnderstanding.Inference.Manifest;

/// <summary>Reads and checks the manifest's JSON. Errors contain the place, for example
/// <c>$.profiles.tiny.roles.speech.files[0].sha256</c>.</summary>
internal static partial class ManifestReader
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    public static ModelManifest Read(string file, JsonElement root)
    {
        var node = new ManifestNode(file, "$", root).Only("$comment", "profiles");
        var profiles = node.Get("profiles").Members().ToDictionary(member => member.Name, member => ReadProfile(member.Name, member.Node));
        return new ModelManifest(file, profiles);
    }

    /// <summary>The name of a role in the manifest, for example visual_text.</summary>
    public static string NameOf(ModelRole role) => JsonNamingPolicy.SnakeCaseLower.ConvertName(role.ToString());

    private static ManifestProfile ReadProfile(string name, ManifestNode node)
    {
        node.Only("note", "roles", "rank", "needs_gpu");
        var models = node.Get("roles").Members().ToDictionary(member => RoleOf(member.Name, member.Node), member => ReadModel(member.Node));
        return new ManifestProfile(name, node.Find("note")?.Text(), models)
        {
            Rank = (int?)node.Find("rank")?.Count(),
            NeedsGpu = node.Find("needs_gpu")?.Flag() ?? false,
        };
    }

    private static ModelRole RoleOf(string name, ManifestNode node)
    {
        var roles = Enum.GetValues<ModelRole>();
        var found = Array.FindIndex(roles, role => NameOf(role) == name);
        return found >= 0 ? roles[found] : throw node.Invalid($"is no role; the roles are {string.Join(", ", roles.Select(NameOf))}");
    }

    private static ManifestModel ReadModel(ManifestNode node)
    {
        node.Only("id", "folder", "dimensions", "tokenizer", "files", "settings", "scores", "picture_scores", "logo_similarity", "note");
        var id = node.Get("id");
        if (!PlainName().IsMatch(id.Text()))
            throw id.Invalid("must be letters, digits, '.', '_' and '-' only, since it names a folder");
        var settings = node.Find("settings");
        if (settings is { } given && given.Value.ValueKind != JsonValueKind.Object)
            throw given.Invalid("must be an object");
        return new ManifestModel(
            id.Text(), node.Find("folder")?.NonEmptyText(), (int?)node.Find("dimensions")?.Count(), node.Find("tokenizer")?.NonEmptyText(),
            [.. node.Get("files").Items().Select(ReadFile)], settings?.Value ?? Nothing,
            node.Find("scores") is { } scores ? ReadScores(scores) : null, node.Find("note")?.Text())
        {
            LogoSimilarity = node.Find("logo_similarity") is { } likeness ? ReadShare(likeness) : null,
            PictureScores = node.Find("picture_scores") is { } pictures ? ReadScores(pictures) : null,
        };
    }

    private static double ReadShare(ManifestNode node)
        => node.Number() is > 0 and < 1 and var share ? share : throw node.Invalid("must be a number between 0 and 1");

    private static ManifestFile ReadFile(ManifestNode node)
    {
        node.Only("path", "address", "sha256", "size", "licence", "optional");
        var path = node.Get("path");
        if (path.Text().Split('/') is var parts && (path.Text().Contains('\\') || parts.Any(part => part is "" or "." or "..")))
            throw path.Invalid("must be a path inside the model's folder, with forward slashes");
        var sha256 = node.Get("sha256");
        if (sha256.Text() is { Length: > 0 } hash && !Sha256().IsMatch(hash))
            throw sha256.Invalid("must be 64 lower-case hexadecimal digits, or empty when the hash is not known");
        return new ManifestFile(
            path.Text(), node.Find("address") is { } address ? ReadAddress(address) : null, sha256.Text(),
            node.Find("size")?.Count(), node.Get("licence").NonEmptyText(), node.Find("optional")?.Flag() ?? false);
    }

    private static Uri ReadAddress(ManifestNode node) =>
        Uri.TryCreate(node.Text(), UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback && address.Scheme == Uri.UriSchemeHttp)
            ? address
            : throw node.Invalid("must be an https address");

    private static ScoreCurve ReadScores(ManifestNode node)
    {
        node.Only("points", "note");
        return new ScoreCurve(ReadPoints(node.Get("points"), 1));
    }

    /// <param name="limit">Greatest absolute value of the evidence: 1 for cosines.</param>
    internal static ScorePoint[] ReadPoints(ManifestNode list, double limit)
    {
        ScorePoint[] points = [.. list.Items().Select(item => ReadPoint(item, limit))];
        if (points.Length < 2)
            throw list.Invalid("must have two points or more");
        for (var i = 1; i < points.Length; i++)
        {
            if (points[i].Evidence <= points[i - 1].Evidence || points[i].Score < points[i - 1].Score)
                throw list.Invalid("must ascend in cosine and never fall in score");
        }
        return points;
    }

    private static ScorePoint ReadPoint(ManifestNode node, double limit)
    {
        ManifestNode[] pair = [.. node.Items()];
        if (pair.Length != 2)
            throw node.Invalid("must be a pair [cosine, score]");
        var (evidence, score) = (pair[0].Number(), pair[1].Number());
        if (!(Math.Abs(evidence) <= limit))
            throw pair[0].Invalid("must be a cosine, -1 to 1");
        return score is >= 0 and <= 100 ? new ScorePoint(evidence, score) : throw pair[1].Invalid("must be a score, 0 to 100");
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    private static partial Regex PlainName();

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Sha256();
}
