using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>What a kind of list can be filtered and sorted by.</summary>
/// <param name="Fields">The fields for filtering.</param>
/// <param name="Id">Breaks ties, so that pages are stable.</param>
/// <param name="OldestFirst">True when the list begins with the oldest item if no sort parameter is given.</param>
/// <param name="Otherwise">What a name outside <paramref name="Fields"/> stands for; null when it is an error.</param>
public sealed record ListTable<T>(
    IReadOnlyList<ListField<T>> Fields,
    Expression<Func<T, string>> Id,
    Expression<Func<T, DateTimeOffset>> CreatedAt,
    Expression<Func<T, DateTimeOffset>> UpdatedAt,
    bool OldestFirst = false,
    Func<string, ListField<T>>? Otherwise = null);

/// <summary>The query of a list: page, order and filters. CONTRACT, section 4. One piece of code for all lists.</summary>
public sealed class ListQuery<T> where T : class
{
    /// <summary>Parameters that every list has.</summary>
    private static readonly string[] Own = ["page", PageLimits.Name, "sort_by", "sort_option"];

    private readonly ListTable<T> _table;
    private readonly List<Func<IQueryable<T>, IQueryable<T>>> _filters = [];
    private string? _sortBy;
    private string? _sortOption;

    private ListQuery(ListTable<T> table) => _table = table;

    /// <summary>From 1.</summary>
    public int Page { get; private set; } = 1;

    /// <summary>Items on a page, 1 to 50.</summary>
    public int Limit { get; private set; } = PageLimits.Default;

    /// <exception cref="ApiException">A name is unknown or a value wrong.</exception>
    public static ListQuery<T> Read(IQueryCollection query, ListTable<T> table)
    {
        var list = new ListQuery<T>(table);
        foreach (var (name, fields) in query.GroupBy(field => list.NameOf(field.Key)).Select(group => (group.Key, group.ToList())))
        {
            // An empty value is how forms and clients write "not given".
            var values = fields.SelectMany(field => field.Value).Where(value => !string.IsNullOrEmpty(value)).ToList();
            if (!list.IsList(name) && values.Count > 1)
                throw new ApiException(ApiError.Invalid(name, "It is given more than once."));
            if (values.Count > 0)
                list.Take(name, string.Join(',', values));
        }
        return list;
    }

    /// <param name="shape">Applied to the rows of the page, for example to leave out large columns; null reads whole rows.</param>
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

    /// <summary>The name as the table has it, for a name as a client wrote it: <c>createdAt[gte]</c> is <c>created_at[gte]</c>,
    /// <c>index_options[]</c> is <c>index_options</c>. Others stay as they are.</summary>
    private string NameOf(string written)
    {
        var (bare, bound) = written.IndexOf('[', StringComparison.Ordinal) is >= 0 and var at ? (written[..at], written[at..])
            : (written, "");
        var name = FromCamelCase(bare, [.. _table.Fields.Select(field => field.Name), .. Own]);
        return name + (bound == "[]" && IsList(name) ? "" : bound);
    }

    private static string FromCamelCase(string written, IEnumerable<string> known)
        => known.FirstOrDefault(name => name.Contains('_') && CamelCaseOf(name) == written) ?? written;

    private static string CamelCaseOf(string name)
        => string.Concat(name.Split('_').Select((word, place) => place == 0 || word.Length == 0 ? word
            : char.ToUpperInvariant(word[0]) + word[1..]));

    private bool IsList(string name) => _table.Fields.Any(field => field.Name == name && field.IsList);

    private void Take(string name, string text)
    {
        if (text.Contains('\0') || name.Contains('\0'))
            throw new ApiException(ApiError.Invalid(name.Replace("\0", ""), "It must not hold the character U+0000."));
        switch (name)
        {
            case "page":
                Page = ReadWhole(name, text, int.MaxValue);
                break;
            case PageLimits.Name:
                Limit = ReadWhole(name, text, PageLimits.Most);
                break;
            case "sort_by":
                _sortBy = ReadOneOf(name, FromCamelCase(text, ["created_at", "updated_at"]), "created_at", "updated_at");
                break;
            case "sort_option":
                _sortOption = ReadOneOf(name, text, "asc", "desc");
                break;
            default:
                TakeFilter(name, text);
                break;
        }
    }

    private void TakeFilter(string written, string text)
    {
        var (name, comparison) = Split(written);
        var field = _table.Fields.FirstOrDefault(known => known.Name == name)
            ?? _table.Otherwise?.Invoke(name)
            ?? throw new ApiException(ApiError.Unknown(written, [.. _table.Fields.Select(known => known.Name), .. Own]));
        if (comparison != Comparison.Equal && !field.HasBounds)
            throw new ApiException(ApiError.Invalid(written, $"{name} can only be compared for equality."));
        // Run once on nothing, so that a wrong value is found while the request is being read.
        field.Narrow(Enumerable.Empty<T>().AsQueryable(), comparison, text);
        _filters.Add(rows => field.Narrow(rows, comparison, text));
    }

    private static (string Name, Comparison Comparison) Split(string written)
    {
        if (written.EndsWith("[gte]", StringComparison.Ordinal))
            return (written[..^5], Comparison.AtLeast);
        return written.EndsWith("[lte]", StringComparison.Ordinal) ? (written[..^5], Comparison.AtMost) : (written, Comparison.Equal);
    }

    private IQueryable<T> Sort(IQueryable<T> rows)
    {
        var isDefault = _sortBy is null && _sortOption is null;
        var ascending = isDefault ? _table.OldestFirst : _sortOption == "asc";
        var by = _sortBy == "updated_at" ? _table.UpdatedAt : _table.CreatedAt;
        return ascending ? rows.OrderBy(by).ThenBy(_table.Id) : rows.OrderByDescending(by).ThenByDescending(_table.Id);
    }

    private static int ReadWhole(string name, string text, int max)
        => decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            && WholeNumbers.Of(number) is { } value && value >= 1 && value <= max
            ? value
            : throw new ApiException(ApiError.Invalid(name, $"It must be a whole number from 1 to {max}."));

    private static string ReadOneOf(string name, string text, params ReadOnlySpan<string> words)
        => words.Contains(text) ? text
            : throw new ApiException(ApiError.Invalid(name, $"It must be one of the following: {string.Join(", ", words)}."));
}
