/// The register set as `target.xml` tells it to a debugger.
///
/// `org.gnu.gdb.aarch64.core` is the feature that gdb requires of every AArch64 target, with these names in
/// this order ("AArch64 Features" in its manual). `org.gnu.gdb.aarch64.fpu` has the names and types that gdb gives
/// its own description of these registers. The last feature is Vesper's own: gdb shows its registers in `info
/// registers system`, and leaves them alone when it has called a function of the target. The numbers of the
/// registers are their order here, which ``AArch64Register`` repeats.
enum AArch64Description {
  static let xml: StaticString = """
    <?xml version="1.0"?>
    <!DOCTYPE target SYSTEM "gdb-target.dtd">
    <target version="1.0">
      <architecture>aarch64</architecture>
      <feature name="org.gnu.gdb.aarch64.core">
        <flags id="cpsr_flags" size="4">
          <field name="SP" start="0" end="0"/>
          <field name="EL" start="2" end="3"/>
          <field name="F" start="6" end="6"/>
          <field name="I" start="7" end="7"/>
          <field name="A" start="8" end="8"/>
          <field name="D" start="9" end="9"/>
          <field name="IL" start="20" end="20"/>
          <field name="SS" start="21" end="21"/>
          <field name="PAN" start="22" end="22"/>
          <field name="V" start="28" end="28"/>
          <field name="C" start="29" end="29"/>
          <field name="Z" start="30" end="30"/>
          <field name="N" start="31" end="31"/>
        </flags>
        <reg name="x0" bitsize="64"/>
        <reg name="x1" bitsize="64"/>
        <reg name="x2" bitsize="64"/>
        <reg name="x3" bitsize="64"/>
        <reg name="x4" bitsize="64"/>
        <reg name="x5" bitsize="64"/>
        <reg name="x6" bitsize="64"/>
        <reg name="x7" bitsize="64"/>
        <reg name="x8" bitsize="64"/>
        <reg name="x9" bitsize="64"/>
        <reg name="x10" bitsize="64"/>
        <reg name="x11" bitsize="64"/>
        <reg name="x12" bitsize="64"/>
        <reg name="x13" bitsize="64"/>
        <reg name="x14" bitsize="64"/>
        <reg name="x15" bitsize="64"/>
        <reg name="x16" bitsize="64"/>
        <reg name="x17" bitsize="64"/>
        <reg name="x18" bitsize="64"/>
        <reg name="x19" bitsize="64"/>
        <reg name="x20" bitsize="64"/>
        <reg name="x21" bitsize="64"/>
        <reg name="x22" bitsize="64"/>
        <reg name="x23" bitsize="64"/>
        <reg name="x24" bitsize="64"/>
        <reg name="x25" bitsize="64"/>
        <reg name="x26" bitsize="64"/>
        <reg name="x27" bitsize="64"/>
        <reg name="x28" bitsize="64"/>
        <reg name="x29" bitsize="64"/>
        <reg name="x30" bitsize="64"/>
        <reg name="sp" bitsize="64" type="data_ptr"/>
        <reg name="pc" bitsize="64" type="code_ptr"/>
        <reg name="cpsr" bitsize="32" type="cpsr_flags"/>
      </feature>
      <feature name="org.gnu.gdb.aarch64.fpu">
        <vector id="v2d" type="ieee_double" count="2"/>
        <vector id="v2u" type="uint64" count="2"/>
        <vector id="v2i" type="int64" count="2"/>
        <vector id="v4f" type="ieee_single" count="4"/>
        <vector id="v4u" type="uint32" count="4"/>
        <vector id="v4i" type="int32" count="4"/>
        <vector id="v8f" type="ieee_half" count="8"/>
        <vector id="v8u" type="uint16" count="8"/>
        <vector id="v8i" type="int16" count="8"/>
        <vector id="v16u" type="uint8" count="16"/>
        <vector id="v16i" type="int8" count="16"/>
        <vector id="v1u" type="uint128" count="1"/>
        <vector id="v1i" type="int128" count="1"/>
        <union id="vnd">
          <field name="f" type="v2d"/>
          <field name="u" type="v2u"/>
          <field name="s" type="v2i"/>
        </union>
        <union id="vns">
          <field name="f" type="v4f"/>
          <field name="u" type="v4u"/>
          <field name="s" type="v4i"/>
        </union>
        <union id="vnh">
          <field name="f" type="v8f"/>
          <field name="u" type="v8u"/>
          <field name="s" type="v8i"/>
        </union>
        <union id="vnb">
          <field name="u" type="v16u"/>
          <field name="s" type="v16i"/>
        </union>
        <union id="vnq">
          <field name="u" type="v1u"/>
          <field name="s" type="v1i"/>
        </union>
        <union id="aarch64v">
          <field name="d" type="vnd"/>
          <field name="s" type="vns"/>
          <field name="h" type="vnh"/>
          <field name="b" type="vnb"/>
          <field name="q" type="vnq"/>
        </union>
        <reg name="v0" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v1" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v2" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v3" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v4" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v5" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v6" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v7" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v8" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v9" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v10" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v11" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v12" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v13" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v14" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v15" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v16" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v17" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v18" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v19" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v20" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v21" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v22" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v23" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v24" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v25" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v26" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v27" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v28" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v29" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v30" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="v31" bitsize="128" type="aarch64v" group="vector"/>
        <reg name="fpsr" bitsize="32" type="uint32" group="float"/>
        <reg name="fpcr" bitsize="32" type="uint32" group="float"/>
      </feature>
      <feature name="org.vesper.aarch64.system">
        <reg name="TTBR0_EL1" bitsize="64" group="system" save-restore="no"/>
        <reg name="TTBR1_EL1" bitsize="64" group="system" save-restore="no"/>
        <reg name="ESR_EL1" bitsize="64" group="system" save-restore="no"/>
        <reg name="FAR_EL1" bitsize="64" type="data_ptr" group="system" save-restore="no"/>
        <reg name="ELR_EL1" bitsize="64" type="code_ptr" group="system" save-restore="no"/>
        <reg name="SPSR_EL1" bitsize="64" group="system" save-restore="no"/>
        <reg name="VBAR_EL1" bitsize="64" type="code_ptr" group="system" save-restore="no"/>
        <reg name="SCTLR_EL1" bitsize="64" group="system" save-restore="no"/>
        <reg name="TCR_EL1" bitsize="64" group="system" save-restore="no"/>
        <reg name="MAIR_EL1" bitsize="64" group="system" save-restore="no"/>
        <reg name="CONTEXTIDR_EL1" bitsize="64" group="system" save-restore="no"/>
        <reg name="TPIDR_EL1" bitsize="64" group="system" save-restore="no"/>
        <reg name="CurrentEL" bitsize="64" group="system" save-restore="no"/>
      </feature>
    </target>
    """
}
