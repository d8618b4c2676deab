using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace VideoUnderstanding.Data.Entities;

/// <summary>Marks an index with dedicated search tables. Indexes without a row use the shared tables.</summary>
public sealed class SearchTableSet
{
    public required string IndexId { get; init; }

    /// <summary>Generation of the tables that searches read, from 1; part of the table names.</summary>
    public int Generation { get; set; }
}

internal sealed class SearchTableSetConfiguration : IEntityTypeConfiguration<SearchTableSet>
{
    /// <summary>No foreign key: the row of a deleted index remains until its tables are dropped.</summary>
    public void Configure(EntityTypeBuilder<SearchTableSet> set)
    {
        set.ToTable("search_table_sets");
        set.HasKey(row => row.IndexId);
    }
}
