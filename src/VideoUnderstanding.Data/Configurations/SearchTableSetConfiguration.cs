using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class SearchTableSetConfiguration : IEntityTypeConfiguration<SearchTableSet>
{
    /// <summary>No foreign key: the row of a deleted index stays until its tables are dropped.</summary>
    public void Configure(EntityTypeBuilder<SearchTableSet> set)
    {
        set.ToTable("search_table_sets");
        set.HasKey(row => row.IndexId);
    }
}
