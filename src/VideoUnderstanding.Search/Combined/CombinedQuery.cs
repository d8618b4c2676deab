using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Combined;

/// <summary>A query made of texts and operators. CONTRACT, section 8.</summary>
public abstract record CombinedQuery
{
    /// <summary>Every text in it.</summary>
    public abstract IEnumerable<TextQuery> Leaves();

    /// <summary>The texts among them whose matches take something away: everything below the <c>sub</c> of a <c>$not</c>.</summary>
    public abstract IEnumerable<TextQuery> Excluded();
}

public sealed record LeafQuery(TextQuery Query) : CombinedQuery
{
    public override IEnumerable<TextQuery> Leaves() => [Query];

    public override IEnumerable<TextQuery> Excluded() => [];
}

/// <summary>How the parts of a query are joined.</summary>
public enum JoinKind
{
    /// <summary>All at the same time.</summary>
    And,

    /// <summary>Any of them.</summary>
    Or,

    /// <summary>One after the other, in their order.</summary>
    Then,
}

/// <param name="Adjacency">Seconds by which both ends of every part are widened before it is joined, 0 or more.</param>
public sealed record JoinQuery(JoinKind Kind, IReadOnlyList<CombinedQuery> Parts, double Adjacency) : CombinedQuery
{
    public override IEnumerable<TextQuery> Leaves() => Parts.SelectMany(part => part.Leaves());

    public override IEnumerable<TextQuery> Excluded() => Parts.SelectMany(part => part.Excluded());
}

/// <summary>What <paramref name="Origin"/> finds, apart from what lies where <paramref name="Sub"/> finds something.</summary>
/// <param name="Adjacency">As in <see cref="JoinQuery"/>.</param>
public sealed record NotQuery(CombinedQuery Origin, CombinedQuery Sub, double Adjacency) : CombinedQuery
{
    public override IEnumerable<TextQuery> Leaves() => Origin.Leaves().Concat(Sub.Leaves());

    public override IEnumerable<TextQuery> Excluded() => Origin.Excluded().Concat(Sub.Leaves());
}

/// <summary>A combined query inside one search index.</summary>
/// <param name="Operator">How the options of each text are put together.</param>
/// <param name="Threshold">The lowest level of a joined clip that is kept.</param>
public sealed record CombinedSearchQuery(
    string IndexId,
    CombinedQuery Query,
    OptionOperator Operator = OptionOperator.Or,
    MatchLevel Threshold = MatchLevel.Low,
    VideoFilter? Filter = null)
{
    /// <summary>Where the query looks.</summary>
    public SearchScope Scope => new(IndexId, Filter ?? VideoFilter.None);
}
