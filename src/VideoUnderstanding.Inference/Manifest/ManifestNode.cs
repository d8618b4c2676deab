using System.Text.Json;

namespace VideoUnderstanding.Inference.Manifest;

/// <summary>A value in the manifest with its path for error messages.</summary>
internal readonly record struct ManifestNode(string File, string Path, JsonElement Value)
{
    public ManifestNode? Find(string name) =>
        Value.ValueKind != JsonValueKind.Object ? throw Invalid("must be an object")
        : Value.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new(File, $"{Path}.{name}", value)
        : null;

    public ManifestNode Get(string name) => Find(name) ?? throw Invalid($"must have a member \"{name}\"");

    public IEnumerable<(string Name, ManifestNode Node)> Members()
    {
        if (Value.ValueKind != JsonValueKind.Object)
            throw Invalid("must be an object");
        var self = this;
        return Value.EnumerateObject()
            .Select(member => (member.Name, new ManifestNode(self.File, $"{self.Path}.{member.Name}", member.Value)));
    }

    public IEnumerable<ManifestNode> Items()
    {
        if (Value.ValueKind != JsonValueKind.Array)
            throw Invalid("must be a list");
        var self = this;
        return Value.EnumerateArray().Select((item, i) => new ManifestNode(self.File, $"{self.Path}[{i}]", item));
    }

    public string Text() => Value.ValueKind == JsonValueKind.String ? Value.GetString()! : throw Invalid("must be a text");

    public string NonEmptyText() => Text() is { Length: > 0 } text ? text : throw Invalid("must not be empty");

    public double Number() => Value.ValueKind == JsonValueKind.Number ? Value.GetDouble() : throw Invalid("must be a number");

    public bool Flag()
        => Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? Value.GetBoolean() : throw Invalid("must be true or false");

    public long Count() =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetInt64(out var number) && number > 0 ? number
            : throw Invalid("must be a whole number above 0");

    /// <summary>Refuses unknown members, which are mostly misspelt names.</summary>
    public ManifestNode Only(params ReadOnlySpan<string> names)
    {
        foreach (var (name, node) in Members())
        {
            if (!names.Contains(name))
                throw node.Invalid("is not known here");
        }
        return this;
    }

    public ManifestException Invalid(string what) => new($"{File}: {Path} {what}, but is {Shown()}.");

    private string Shown()
    {
        var raw = Value.ValueKind == JsonValueKind.Undefined ? "missing" : Value.GetRawText().ReplaceLineEndings(" ");
        return raw.Length <= 60 ? raw : $"{raw.AsSpan(0, 60)}…";
    }
}

/// <summary>The manifest cannot be used. The message names the file and the place in it.</summary>
public sealed class ManifestException(string message) : Exception(message);
