using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class LogoConfiguration : IEntityTypeConfiguration<Logo>
{
    public void Configure(EntityTypeBuilder<Logo> logo)
    {
        logo.ToTable("logos");
        logo.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Cascade);
        // The length follows once the model is known: VectorColumns.
        logo.Property(row => row.Embedding).HasColumnType("halfvec");
        logo.HasIndex(row => new { row.AccountId, row.NormalName });
    }
}
