using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>The fields by which a list can be filtered and sorted.</summary>
/// <param name="Fields">The fields for filtering.</param>
/// <param name="Id">Last sort key, so that the order of pages is stable.</param>
/// <param name="OldestFirst">True if the default order is ascending by creation time.</param>
/// <param name="Fallback">Creates the filter for a name that is not in <paramref name="Fields"/>; null rejects such names.</param>
public sealed record ListTable<T>(
    IReadOnlyList<ListField<T>> Fields,
    Expression<Func<T, string>> Id,
    Expression<Func<T, DateTimeOffset>> CreatedAt,
    Expression<Func<T, DateTimeOffset>> UpdatedAt,
    bool OldestFirst = false,
    Func<string, ListField<T>>? Fallback = null);

/// <summary>Parses the query of a list (page, order and filters) and runs it. CONTRACT, section 4.</summary>
public sealed class ListQuery<T> where T : class
{
    /// <summary>Parameters of all lists.</summary>
    private static readonly string[] CommonParameters = ["page", PageLimits.Name, "sort_by", "sort_option"];

    private readonly ListTable<T> _table;
    private readonly List<Func<IQueryable<T>, IQueryable<T>>> _filters = [];
    private string? _sortBy;
    private string? _sortOption;

    private ListQuery(ListTable<T> table) => _table = table;

    /// <summary>Page number, from 1.</summary>
    public int Page { get; private set; } = 1;

    /// <summary>Maximum items per page, 1 to 50.</summary>
    public int Limit { get; private set; } = PageLimits.Default;

    /// <exception cref="ApiException">A parameter is unknown or has an invalid value.</exception>
    public static ListQuery<T> Read(IQueryCollection query, ListTable<T> table)
    {
        var list = new ListQuery<T>(table);
        foreach (var (name, fields) in query.GroupBy(field => list.CanonicalName(field.Key)).Select(group => (group.Key, group.ToList())))
        {
            // Forms and clients send an empty value for a missing parameter.
            var values = fields.SelectMany(field => field.Value).Where(value => !string.IsNullOrEmpty(value)).ToList();
            if (!list.IsList(name) && values.Count > 1)
                throw new ApiException(ApiError.Invalid(name, "It is given more than once."));
            if (values.Count > 0)
                list.SetParameter(name, string.Join(',', values));
        }
        return list;
    }

    /// <param name="shape">Applied to the rows of the page, for example to omit large columns; null reads whole rows.</param>
    public async Task<(IReadOnlyList<T> Rows, PageInfoDto Info)> RunAsync(
        IQueryable<T> rows, CancellationToken cancellationToken, Func<IQueryable<T>, IQueryable<T>>? shape = null)
    {
        rows = _filters.Aggregate(rows, (narrowed, filter) => filter(narrowed));
        var total = await rows.CountAsync(cancellationToken);
        var skip = (int)Math.Min((Page - 1L) * Limit, int.MaxValue);
        var page = Sort(rows).Skip(skip).Take(Limit);
        IReadOnlyList<T> read = skip < total ? await (shape?.Invoke(page) ?? page).ToListAsync(cancellationToken) : [];
        return (read, new PageInfoDto(Limit, Page, Math.Max(1, (total + Limit - 1) / Limit), total));
    }

    /// <summary>Maps the spellings that clients use to the name in the table: <c>createdAt[gte]</c> to <c>created_at[gte]</c>,
    /// <c>index_options[]</c> to <c>index_options</c>. Other names are returned unchanged.</summary>
    private string CanonicalName(string sent)
    {
        var (bare, bound) = sent.IndexOf('[', StringComparison.Ordinal) is >= 0 and var at ? (sent[..at], sent[at..])
            : (sent, "");
        var name = ToSnakeCase(bare, [.. _table.Fields.Select(field => field.Name), .. CommonParameters]);
        return name + (bound == "[]" && IsList(name) ? "" : bound);
    }

    private static string ToSnakeCase(string sent, IEnumerable<string> known)
        => known.FirstOrDefault(name => name.Contains('_') && ToCamelCase(name) == sent) ?? sent;

    private static string ToCamelCase(string name)
        => string.Concat(name.Split('_').Select((word, place) => place == 0 || word.Length == 0 ? word
            : char.ToUpperInvariant(word[0]) + word[1..]));

    private bool IsList(string name) => _table.Fields.Any(field => field.Name == name && field.IsList);

    private void SetParameter(string name, string text)
    {
        if (text.Contains('\0') || name.Contains('\0'))
            throw new ApiException(ApiError.Invalid(name.Replace("\0", ""), "It must not hold the character U+0000."));
        switch (name)
        {
            case "page":
                Page = ReadWholeNumber(name, text, int.MaxValue);
                break;
            case PageLimits.Name:
                Limit = ReadWholeNumber(name, text, PageLimits.Max);
                break;
            case "sort_by":
                _sortBy = ReadOneOf(name, ToSnakeCase(text, ["created_at", "updated_at"]), "created_at", "updated_at");
                break;
            case "sort_option":
                _sortOption = ReadOneOf(name, text, "asc", "desc");
                break;
            default:
                AddFilter(name, text);
                break;
        }
    }

    private void AddFilter(string sent, string text)
    {
        var (name, comparison) = Split(sent);
        var field = _table.Fields.FirstOrDefault(known => known.Name == name)
            ?? _table.Fallback?.Invoke(name)
            ?? throw new ApiException(ApiError.Unknown(sent, [.. _table.Fields.Select(known => known.Name), .. CommonParameters]));
        if (comparison != Comparison.Equal && !field.HasBounds)
            throw new ApiException(ApiError.Invalid(sent, $"{name} can only be compared for equality."));
        // Applied to an empty sequence, so that an invalid value is reported before the query runs.
        field.Apply(Enumerable.Empty<T>().AsQueryable(), comparison, text);
        _filters.Add(rows => field.Apply(rows, comparison, text));
    }

    private static (string Name, Comparison Comparison) Split(string sent)
    {
        if (sent.EndsWith("[gte]", StringComparison.Ordinal))
            return (sent[..^5], Comparison.AtLeast);
        return sent.EndsWith("[lte]", StringComparison.Ordinal) ? (sent[..^5], Comparison.AtMost) : (sent, Comparison.Equal);
    }

    private IQueryable<T> Sort(IQueryable<T> rows)
    {
        var isDefault = _sortBy is null && _sortOption is null;
        var ascending = isDefault ? _table.OldestFirst : _sortOption == "asc";
        var by = _sortBy == "updated_at" ? _table.UpdatedAt : _table.CreatedAt;
        return ascending ? rows.OrderBy(by).ThenBy(_table.Id) : rows.OrderByDescending(by).ThenByDescending(_table.Id);
    }

    private static int ReadWholeNumber(string name, string text, int max)
        => decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            && WholeNumbers.ToInt32(number) is { } value && value >= 1 && value <= max
            ? value
            : throw new ApiException(ApiError.Invalid(name, $"It must be a whole number from 1 to {max}."));

    private static string ReadOneOf(string name, string text, params ReadOnlySpan<string> words)
        => words.Contains(text) ? text
            : throw new ApiException(ApiError.Invalid(name, $"It must be one of the following: {string.Join(", ", words)}."));
}

/// <summary>Maximum items per page of a list or a search result. CONTRACT, sections 4, 7.1 and 9.</summary>
internal static class PageLimits
{
    public const string Name = "page_limit";
    public const int Default = 10;
    public const int Max = 50;

    /// <exception cref="ApiException">Outside the range.</exception>
    public static int Validate(int? given) => given switch
    {
        null => Default,
        >= 1 and <= Max => given.Value,
        _ => throw new ApiException(ApiError.Invalid(Name, $"It must be a whole number from 1 to {Max}.")),
    };
}

/// <summary>A page of a list. CONTRACT, section 4.</summary>
public sealed record ListResponse<T>(IReadOnlyList<T> Data, PageInfoDto PageInfo);

/// <summary>Position of a page. Clients stop when <paramref name="Page"/> equals <paramref name="TotalPage"/>, so that is at least
/// 1.</summary>
public sealed record PageInfoDto(int LimitPerPage, int Page, int TotalPage, int TotalResults);

/// <summary>Response to the creation of a resource.</summary>
public sealed record CreatedIdResponse([property: System.Text.Json.Serialization.JsonPropertyName("_id")] string Id);
