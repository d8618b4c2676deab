using System.Text.Json;

namespace VideoUnderstanding.Operations.Evaluation.Sets;

/// <summary>A value in one of the set's files with its path for error messages.</summary>
internal readonly record struct SetNode(string File, string Path, JsonElement Value)
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <exception cref="EvaluationSetException">The file is missing or not JSON.</exception>
    public static async Task<SetNode> ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (!System.IO.File.Exists(file))
            throw new EvaluationSetException($"There is no file {file}.");
        try
        {
            await using var content = System.IO.File.OpenRead(file);
            using var document = await JsonDocument.ParseAsync(content, Options, cancellationToken);
            return new SetNode(file, "$", document.RootElement.Clone());
        }
        catch (JsonException broken)
        {
            throw new EvaluationSetException($"{file} is not valid JSON: {broken.Message}");
        }
    }

    public SetNode? Find(string name) =>
        Value.ValueKind != JsonValueKind.Object ? throw Invalid("must be an object")
        : Value.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new SetNode(File, $"{Path}.{name}", value)
        : null;

    public SetNode Get(string name) => Find(name) ?? throw Invalid($"must have a member \"{name}\"");

    public IReadOnlyList<SetNode> Items()
    {
        if (Value.ValueKind != JsonValueKind.Array)
            throw Invalid("must be a list");
        var self = this;
        return [.. Value.EnumerateArray().Select((item, i) => new SetNode(self.File, $"{self.Path}[{i}]", item))];
    }

    /// <summary>The items of an optional list.</summary>
    public IReadOnlyList<SetNode> ItemsOf(string name) => Find(name)?.Items() ?? [];

    public string Text() => Value.ValueKind == JsonValueKind.String && Value.GetString() is { } text && !string.IsNullOrWhiteSpace(text)
        ? text.Trim()
        : throw Invalid("must be a text");

    /// <summary>The name of an existing file in the folder of the set.</summary>
    public (string Name, string Path) FileIn(string folder)
    {
        var name = Text();
        if (System.IO.Path.IsPathRooted(name) || name.Split('/', '\\').Contains(".."))
            throw Invalid("must lie in the folder of the set");
        var path = System.IO.Path.Combine(folder, name);
        return System.IO.File.Exists(path) ? (name, path) : throw Invalid("must be a file of the set");
    }

    public double Seconds()
        => Value.ValueKind == JsonValueKind.Number && Value.GetDouble() is >= 0 and var seconds ? seconds
            : throw Invalid("must be a number of seconds, 0 or more");

    /// <summary>The members <c>start</c> and <c>end</c> of this object.</summary>
    public (double Start, double End) Span()
    {
        var (start, end) = (Get("start").Seconds(), Get("end").Seconds());
        return start < end ? (start, end) : throw Invalid("must end after it starts");
    }

    /// <summary>Refuses unknown members, which are mostly misspelt names.</summary>
    public SetNode Only(params string[] names)
    {
        if (Value.ValueKind != JsonValueKind.Object)
            throw Invalid("must be an object");
        foreach (var member in Value.EnumerateObject())
        {
            if (!names.Contains(member.Name))
                throw new SetNode(File, $"{Path}.{member.Name}", member.Value).Invalid("is not known here");
        }
        return this;
    }

    public EvaluationSetException Invalid(string what) => new($"{File}: {Path} {what}, but is {Shown()}.");

    private string Shown()
    {
        var raw = Value.GetRawText().ReplaceLineEndings(" ");
        return raw.Length <= 60 ? raw : $"{raw.AsSpan(0, 60)}…";
    }
}

/// <summary>A set cannot be used. The message is a sentence with the file and the place in it.</summary>
public sealed class EvaluationSetException(string message) : Exception(message);
