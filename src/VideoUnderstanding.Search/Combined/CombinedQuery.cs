using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Combined;

/// <summary>A tree of texts and operators. CONTRACT, section 8.</summary>
public abstract record CombinedQuery
{
    /// <summary>All texts of the tree.</summary>
    public abstract IEnumerable<TextQuery> Leaves();

    /// <summary>The texts whose matches exclude clips: all texts below the <c>sub</c> of a <c>$not</c>.</summary>
    public abstract IEnumerable<TextQuery> Excluded();
}

public sealed record LeafQuery(TextQuery Query) : CombinedQuery
{
    public override IEnumerable<TextQuery> Leaves() => [Query];

    public override IEnumerable<TextQuery> Excluded() => [];
}

/// <summary>Operator that joins the parts of a query.</summary>
public enum JoinKind
{
    /// <summary>All parts match at the same time.</summary>
    And,

    /// <summary>Any part matches.</summary>
    Or,

    /// <summary>The parts match one after the other, in order.</summary>
    Then,
}

/// <param name="Adjacency">Seconds by which both ends of each part are extended before joining, 0 or more.</param>
public sealed record JoinQuery(JoinKind Kind, IReadOnlyList<CombinedQuery> Parts, double Adjacency) : CombinedQuery
{
    public override IEnumerable<TextQuery> Leaves() => Parts.SelectMany(part => part.Leaves());

    public override IEnumerable<TextQuery> Excluded() => Parts.SelectMany(part => part.Excluded());
}

/// <summary>The clips of <paramref name="Origin"/> that overlap no clip of <paramref name="Sub"/>.</summary>
/// <param name="Adjacency">As in <see cref="JoinQuery"/>.</param>
public sealed record NotQuery(CombinedQuery Origin, CombinedQuery Sub, double Adjacency) : CombinedQuery
{
    public override IEnumerable<TextQuery> Leaves() => Origin.Leaves().Concat(Sub.Leaves());

    public override IEnumerable<TextQuery> Excluded() => Origin.Excluded().Concat(Sub.Leaves());
}

/// <summary>A combined query in one search index.</summary>
/// <param name="Operator">How the matches of the options of each text are combined.</param>
/// <param name="Threshold">Minimum level of a joined clip.</param>
public sealed record CombinedSearchQuery(
    string IndexId,
    CombinedQuery Query,
    OptionOperator Operator = OptionOperator.Or,
    MatchLevel Threshold = MatchLevel.Low,
    VideoFilter? Filter = null)
{
    /// <summary>The index and filter of the query.</summary>
    public SearchScope Scope => new(IndexId, Filter ?? VideoFilter.None);
}
